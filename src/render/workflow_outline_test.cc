#include "render/workflow_outline.h"

#include <gtest/gtest.h>

#include "spec/workflow_yaml.h"
#include "yaml/parse.h"

namespace swamp::render {
namespace {

std::string outline(std::string text) {
  const auto document = yaml::parse(std::move(text), "workflow.yaml");
  if (!document) return "!" + document.error().message;
  const auto workflow = spec::decode_workflow(*document);
  return workflow ? workflow_outline(*workflow, Style()) : "!" + workflow.error().message;
}

TEST(WorkflowOutlineTest, ShowsStepsInAnOrderInWhichTheyCouldRun) {
  EXPECT_EQ(outline(R"(id: 5b1e5ab8-54f2-4c5d-9a52-0d8f9a1c9e01
name: release
jobs:
  - name: ship
    dependsOn:
      - job: build
        condition: { type: succeeded }
    steps:
      - name: go
        task: { type: manual_approval, prompt: ship it? }
  - name: build
    steps:
      - name: test
        dependsOn:
          - step: compile
            condition: { type: succeeded }
          - step: docs
            condition: { type: failed }
        task: { type: assert, expr: "1 == 1", message: no }
      - name: compile
        task: { type: model_method, modelIdOrName: web, methodName: build }
      - name: docs
        forEach: { item: page, in: "${{ inputs.pages }}" }
        task: { type: workflow, workflowIdOrName: page }
)"),
            R"(Job: build
  compile - model
  docs - workflow  each of ${{ inputs.pages }}
  test - assert    after compile, docs (failed)

Job: ship, after build
  go - approval
)");
}

TEST(WorkflowOutlineTest, StepsInACycleAreStillShown) {
  EXPECT_EQ(outline(R"(id: 5b1e5ab8-54f2-4c5d-9a52-0d8f9a1c9e01
name: loop
jobs:
  - name: a
    steps:
      - name: x
        dependsOn: [{ step: y, condition: { type: succeeded } }]
        task: { type: assert, expr: "true", message: no }
      - name: y
        dependsOn: [{ step: x, condition: { type: succeeded } }]
        task: { type: assert, expr: "true", message: no }
)"),
            "Job: a\n  x - assert  after y\n  y - assert  after x\n");
}

}  // namespace
}  // namespace swamp::render
