#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/workflow_graph.h"
#include "render/graph/formats.h"
#include "render/graph/text.h"
#include "render/text.h"
#include "spec/workflow_yaml.h"
#include "yaml/parse.h"

namespace swamp::render::graph {
namespace {

using engine::WorkflowGraph;

engine::Plan plan_of(std::string jobs) {
  auto document = yaml::parse(
      "id: 5b1e5ab8-54f2-4c5d-9a52-0d8f9a1c9e01\nname: release\njobs:\n" + std::move(jobs),
      "workflow.yaml");
  auto workflow = spec::decode_workflow(*document);
  EXPECT_TRUE(workflow) << workflow.error().message;
  auto plan = engine::Plan::make(std::make_shared<const spec::Workflow>(*std::move(workflow)));
  EXPECT_TRUE(plan) << plan.error().message;
  return *std::move(plan);
}

constexpr const char* kRelease = R"(
  - name: build
    steps:
      - name: checkout
        task: { type: model_method, modelType: command/shell, methodName: execute }
      - name: compile
        dependsOn: [{ step: checkout, condition: { type: succeeded } }]
        task: { type: model_method, modelType: command/shell, methodName: execute }
      - name: lint
        allowFailure: true
        dependsOn: [{ step: checkout, condition: { type: succeeded } }]
        task: { type: assert, expr: "1 < 2", message: no }
      - name: test
        dependsOn:
          - { step: lint, condition: { type: completed } }
          - { step: compile, condition: { type: succeeded } }
        task: { type: model_method, modelIdOrName: web, methodName: test }
  - name: ship
    concurrency: 2
    dependsOn: [{ job: build, condition: { type: succeeded } }]
    steps:
      - name: ask
        guard: ${{ inputs.fast }}
        task: { type: manual_approval, prompt: ship it? }
      - name: deploy-${{ self.region }}
        forEach: { item: region, in: "${{ inputs.regions }}" }
        dependsOn: [{ step: ask, condition: { type: succeeded } }]
        task: { type: workflow, workflowIdOrName: deploy }
)";

WorkflowGraph release() {
  return engine::graph_of(plan_of(kRelease));
}

Timestamp at(int seconds) {
  return Timestamp(std::chrono::seconds(1'700'000'000 + seconds));
}

store::StepRecord step(std::string name, store::RunStatus status, int from, int to) {
  store::StepRecord record;
  record.name = std::move(name);
  record.status = status;
  if (from >= 0) record.started_at = at(from);
  if (to >= 0) record.completed_at = at(to);
  return record;
}

/// A run of it whose second deployment failed.
WorkflowGraph failed_run() {
  using Status = store::RunStatus;
  store::RunRecord record;
  record.id = "5dc1b13c-0e8c-4366-b717-0051376f0ecf";
  record.workflow_name = "release";
  record.status = Status::failed;
  record.started_at = at(0);
  record.completed_at = at(30);
  store::JobRecord build;
  build.name = "build";
  build.status = Status::succeeded;
  build.started_at = at(0);
  build.completed_at = at(12);
  build.steps = {step("checkout", Status::succeeded, 0, 2),
                 step("compile", Status::succeeded, 2, 9), step("lint", Status::failed, 2, 3),
                 step("test", Status::succeeded, 9, 12)};
  build.steps[2].allowed_failure = true;
  store::JobRecord ship;
  ship.name = "ship";
  ship.status = Status::failed;
  ship.started_at = at(12);
  ship.completed_at = at(30);
  ship.steps = {step("ask", Status::succeeded, 12, 20),
                step("deploy-eu", Status::succeeded, 20, 25),
                step("deploy-us", Status::failed, 20, 30)};
  ship.steps[2].reason = "timeout";
  record.jobs = {build, ship};
  record.extra = Map{{"expansions", List{Map{{"job", "ship"},
                                             {"step", "deploy-${{ self.region }}"},
                                             {"names", List{"deploy-eu", "deploy-us"}},
                                             {"items", List{"eu", "us"}}}}}};
  const engine::Plan plan = plan_of(kRelease);
  return engine::graph_of_run(&plan, record, std::nullopt);
}

std::string text(const WorkflowGraph& graph, TextOptions options) {
  return "\n" + graph_text(graph, options);
}

TEST(GraphTextTest, AWorkflowThatFitsFlowsToTheRight) {
  EXPECT_EQ(text(release(), {.width = 120}), R"(
release

╭─ build ──────────────────────────────────────────────────────────────────────────╮
│ ┌───────────────────────┐    ┌───────────────────────┐              ┌──────────┐ │
│ │ checkout              ├─┬─▶│ compile               ├─────────────▶│ test     │ │
│ │ command/shell execute │ │  │ command/shell execute │ ╭─completed─▶│ web test │ │
│ └───────────────────────┘ │  └───────────────────────┘ │            └──────────┘ │
│                           │  ┌───────────────────────┐ │                         │
│                           ╰─▶│ lint                  ├─╯                         │
│                              │ assert: 1 < 2         │                           │
│                              │ may fail              │                           │
│                              └───────────────────────┘                           │
╰──┬───────────────────────────────────────────────────────────────────────────────╯
   ▼
╭─ ship, at most 2 steps at once ────────────────────────────────────╮
│ ┌────────────────────────────┐   ┌───────────────────────────────┐ │
│ │ ask                        ├──▶│ deploy-${{ self.region }}     │ │
│ │ approval: ship it?         │   │ workflow deploy               │ │
│ │ skip if ${{ inputs.fast }} │   │ each of ${{ inputs.regions }} │ │
│ └────────────────────────────┘   └───────────────────────────────┘ │
╰────────────────────────────────────────────────────────────────────╯
)");
}

TEST(GraphTextTest, OnANarrowTerminalItFlowsDown) {
  EXPECT_EQ(text(release(), {.width = 60}), R"(
release

╭─ build ──────────────────────────────────────╮
│ ┌───────────────────────┐                    │
│ │ checkout              │                    │
│ │ command/shell execute │                    │
│ └──┬────────────────────┘                    │
│    ├──────────────────────────╮              │
│    ▼                          ▼              │
│ ┌───────────────────────┐  ┌───────────────┐ │
│ │ compile               │  │ lint          │ │
│ │ command/shell execute │  │ assert: 1 < 2 │ │
│ └──┬────────────────────┘  │ may fail      │ │
│    │                       └──┬────────────┘ │
│    │  ╭───────────────────────╯              │
│    │  │ completed                            │
│    ▼  ▼                                      │
│ ┌────────────────┐                           │
│ │ test           │                           │
│ │ web test       │                           │
│ └────────────────┘                           │
╰──┬───────────────────────────────────────────╯
   ▼
╭─ ship, at most 2 steps at once ───╮
│ ┌────────────────────────────┐    │
│ │ ask                        │    │
│ │ approval: ship it?         │    │
│ │ skip if ${{ inputs.fast }} │    │
│ └──┬─────────────────────────┘    │
│    ▼                              │
│ ┌───────────────────────────────┐ │
│ │ deploy-${{ self.region }}     │ │
│ │ workflow deploy               │ │
│ │ each of ${{ inputs.regions }} │ │
│ └───────────────────────────────┘ │
╰───────────────────────────────────╯
)");
}

TEST(GraphTextTest, WhereNothingElseIsUnderstoodItIsAscii) {
  EXPECT_EQ(text(release(), {.width = 60, .glyphs = Glyphs::ascii}), R"(
release

+- build --------------------------------------+
| +-----------------------+                    |
| | checkout              |                    |
| | command/shell execute |                    |
| +--+--------------------+                    |
|    +--------------------------+              |
|    v                          v              |
| +-----------------------+  +---------------+ |
| | compile               |  | lint          | |
| | command/shell execute |  | assert: 1 < 2 | |
| +--+--------------------+  | may fail      | |
|    |                       +--+------------+ |
|    |  +-----------------------+              |
|    |  | completed                            |
|    v  v                                      |
| +----------------+                           |
| | test           |                           |
| | web test       |                           |
| +----------------+                           |
+--+-------------------------------------------+
   v
+- ship, at most 2 steps at once ---+
| +----------------------------+    |
| | ask                        |    |
| | approval: ship it?         |    |
| | skip if ${{ inputs.fast }} |    |
| +--+-------------------------+    |
|    v                              |
| +-------------------------------+ |
| | deploy-${{ self.region }}     | |
| | workflow deploy               | |
| | each of ${{ inputs.regions }} | |
| +-------------------------------+ |
+-----------------------------------+
)");
}

TEST(GraphTextTest, WhatDoesNotFitHasOneRowAStep) {
  EXPECT_EQ(text(release(), {.width = 30}), R"(
release

build
 ●   checkout  command/shell …
 ├─● compile   command/shell …
 ● │ lint      assert: 1 < 2 …
 ●─╯ test      web test · whe…

ship  after build · at most 2…
 ● ask
 ● deploy-${{ self.region }}
)");
}

TEST(GraphTextTest, ARunShowsWhatBecameOfEachStepAndTheCriticalPath) {
  EXPECT_EQ(text(failed_run(), {.width = 120}), R"(
release  run 5dc1b13c · failed · 30.0s

╭─ ✓ build ──────────────────────────── 12.0s ─╮   ╭─ ✗ ship, at most 2 steps at once ─ 18.0s ─╮
│ ┏━━━━━━━━━━━━━━━━━━━━━━━┓                    ┣━━▶│ ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓            │
│ ┃ ✓ checkout       2.0s ┃                    │   │ ┃ ✓ ask                 8.0s ┃            │
│ ┃ command/shell execute ┃                    │   │ ┃ approval: ship it?         ┃            │
│ ┗━━┳━━━━━━━━━━━━━━━━━━━━┛                    │   │ ┃ skip if ${{ inputs.fast }} ┃            │
│    ┣──────────────────────────╮              │   │ ┗━━┳━━━━━━━━━━━━━━━━━━━━━━━━━┛            │
│    ▼                          ▼              │   │    ▼                                      │
│ ┏━━━━━━━━━━━━━━━━━━━━━━━┓  ┌───────────────┐ │   │ ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓    │
│ ┃ ✓ compile        7.0s ┃  │ ! lint   1.0s │ │   │ ┃ ✗ deploy-${{ self.region }}  10.0s ┃    │
│ ┃ command/shell execute ┃  │ assert: 1 < 2 │ │   │ ┃ workflow deploy                    ┃    │
│ ┗━━┳━━━━━━━━━━━━━━━━━━━━┛  │ may fail      │ │   │ ┃ each of ${{ inputs.regions }}      ┃    │
│    ┃                       └──┬────────────┘ │   │ ┃ ✓ deploy-eu                   5.0s ┃    │
│    ┃  ╭───────────────────────╯              │   │ ┃ ✗ deploy-us         10.0s, timeout ┃    │
│    ┃  │ completed                            │   │ ┗━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┛    │
│    ▼  ▼                                      │   ╰───────────────────────────────────────────╯
│ ┏━━━━━━━━━━━━━━━━┓                           │
│ ┃ ✓ test    3.0s ┃                           │
│ ┃ web test       ┃                           │
│ ┗━━━━━━━━━━━━━━━━┛                           │
╰──────────────────────────────────────────────╯

Critical path (30.0s): build/checkout 2.0s → build/compile 7.0s → build/test 3.0s → ship/ask 8.0s → ship/deploy-us
  10.0s
)");
}

TEST(GraphTextTest, RowsShowItToo) {
  EXPECT_EQ(text(failed_run(), {.width = 90, .form = TextOptions::Form::rows}), R"(
release  run 5dc1b13c · failed · 30.0s

✓ build  12.0s
 ✓   checkout  2.0s  command/shell execute
 ┣━✓ compile   7.0s  command/shell execute
 ! ┃ lint      1.0s  assert: 1 < 2 · may fail
 ✓━┛ test      3.0s  web test · when lint completed

✗ ship  18.0s · after build · at most 2 steps at once
 ✓ ask                                  8.0s  approval: ship it? · skip if ${{ inputs.fas…
 ✗ deploy-${{ self.region }}           10.0s  workflow deploy · each of ${{ inputs.region…
     ✓ deploy-eu                          5.0s
     ✗ deploy-us                10.0s, timeout

Critical path (30.0s): build/checkout 2.0s → build/compile 7.0s → build/test 3.0s →
  ship/ask 8.0s → ship/deploy-us 10.0s
)");
}

TEST(GraphTextTest, ColoursAreThoseOfTheStates) {
  const std::string drawing = graph_text(
      failed_run(), {.width = 90, .style = Style(true), .form = TextOptions::Form::rows});
  EXPECT_NE(drawing.find("\x1b[32m✓\x1b[0m"), std::string::npos);
  EXPECT_NE(drawing.find("\x1b[31m✗\x1b[0m"), std::string::npos);
}

TEST(GraphTextTest, NamesCannotMoveTheCursor) {
  WorkflowGraph graph = release();
  graph.steps[0].name = "a\x1b[2Jb\nc";
  EXPECT_NE(graph_text(graph, {.width = 120}).find("ab\\x0ac"), std::string::npos);
}

TEST(GraphMermaidTest, AWorkflow) {
  EXPECT_EQ("\n" + graph_mermaid(release()), R"(
---
title: "release"
---
flowchart LR
  subgraph j0["build"]
    s0["<b>checkout</b><br/>command/shell execute"]
    s1["<b>compile</b><br/>command/shell execute"]
    s2(["<b>lint</b><br/>assert: 1 #60; 2<br/>may fail"])
    s3["<b>test</b><br/>web test"]
  end
  subgraph j1["ship"]
    s4{{"<b>ask</b><br/>approval: ship it?<br/>skip if ${{ inputs.fast }}"}}
    s5[["<b>deploy-${{ self.region }}</b><br/>workflow deploy<br/>each of ${{ inputs.regions }}"]]
  end
  s0 --> s1
  s0 --> s2
  s2 -->|"completed"| s3
  s1 --> s3
  s4 --> s5
  j0 --> j1
)");
}

TEST(GraphMermaidTest, ARunHasClassesForItsStates) {
  EXPECT_EQ("\n" + graph_mermaid(failed_run()), R"(
---
title: "release"
---
flowchart LR
  subgraph j0["✓ build 12.0s"]
    s0["<b>✓ checkout</b><br/>2.0s<br/>command/shell execute"]
    s1["<b>✓ compile</b><br/>7.0s<br/>command/shell execute"]
    s2(["<b>! lint</b><br/>1.0s<br/>assert: 1 #60; 2<br/>may fail"])
    s3["<b>✓ test</b><br/>3.0s<br/>web test"]
  end
  subgraph j1["✗ ship 18.0s"]
    s4{{"<b>✓ ask</b><br/>8.0s<br/>approval: ship it?<br/>skip if ${{ inputs.fast }}"}}
    s5[["<b>✗ deploy-${{ self.region }}</b><br/>10.0s<br/>workflow deploy<br/>each of ${{ inputs.regions }}<br/>✓ deploy-eu 5.0s<br/>✗ deploy-us 10.0s, timeout"]]
  end
  s0 ==> s1
  s0 --> s2
  s2 -->|"completed"| s3
  s1 ==> s3
  s4 ==> s5
  j0 ==> j1
  classDef succeeded fill:#dafbe1,stroke:#1a7f37,color:#0b3d1a
  classDef failed fill:#ffebe9,stroke:#cf222e,color:#5c0d14
  classDef allowed fill:#fff8c5,stroke:#9a6700,color:#4d3800
  classDef running fill:#ddf4ff,stroke:#0969da,color:#0a3069
  classDef waiting fill:#fff8c5,stroke:#9a6700,color:#4d3800
  classDef idle fill:#f6f8fa,stroke:#8c959f,color:#57606a
  classDef critical stroke-width:3px
  class s0 succeeded
  class s0 critical
  class s1 succeeded
  class s1 critical
  class s2 allowed
  class s3 succeeded
  class s3 critical
  class s4 succeeded
  class s4 critical
  class s5 failed
  class s5 critical
)");
}

TEST(GraphDotTest, AWorkflow) {
  EXPECT_EQ("\n" + graph_dot(release()), R"(
digraph "release" {
  graph [label="release", labelloc=t, rankdir=LR, compound=true, fontname="Helvetica"];
  node [shape=box, style="rounded,filled", fillcolor="white", fontname="Helvetica", fontsize=11];
  edge [fontname="Helvetica", fontsize=10];
  subgraph cluster_0 {
    label="build"; style=rounded;
    s0 [label="checkout\lcommand/shell execute\l"];
    s1 [label="compile\lcommand/shell execute\l"];
    s2 [label="lint\lassert: 1 < 2\lmay fail\l", shape=note, style=filled];
    s3 [label="test\lweb test\l"];
  }
  subgraph cluster_1 {
    label="ship"; style=rounded;
    s4 [label="ask\lapproval: ship it?\lskip if ${{ inputs.fast }}\l", shape=hexagon, style=filled];
    s5 [label="deploy-${{ self.region }}\lworkflow deploy\leach of ${{ inputs.regions }}\l", shape=box3d, style=filled];
  }
  s0 -> s1;
  s0 -> s2;
  s2 -> s3 [label="completed"];
  s1 -> s3;
  s4 -> s5;
  s3 -> s4 [ltail=cluster_0, lhead=cluster_1];
}
)");
}

TEST(GraphDotTest, ARunIsFilledByItsStates) {
  EXPECT_EQ("\n" + graph_dot(failed_run()), R"(
digraph "release" {
  graph [label="release  run 5dc1b13c · failed · 30.0s", labelloc=t, rankdir=LR, compound=true, fontname="Helvetica"];
  node [shape=box, style="rounded,filled", fillcolor="white", fontname="Helvetica", fontsize=11];
  edge [fontname="Helvetica", fontsize=10];
  subgraph cluster_0 {
    label="✓ build  12.0s"; style=rounded;
    s0 [label="✓ checkout  2.0s\lcommand/shell execute\l", fillcolor="#dafbe1", color="#1a7f37", penwidth=3];
    s1 [label="✓ compile  7.0s\lcommand/shell execute\l", fillcolor="#dafbe1", color="#1a7f37", penwidth=3];
    s2 [label="! lint  1.0s\lassert: 1 < 2\lmay fail\l", shape=note, style=filled, fillcolor="#fff8c5", color="#9a6700"];
    s3 [label="✓ test  3.0s\lweb test\l", fillcolor="#dafbe1", color="#1a7f37", penwidth=3];
  }
  subgraph cluster_1 {
    label="✗ ship  18.0s"; style=rounded;
    s4 [label="✓ ask  8.0s\lapproval: ship it?\lskip if ${{ inputs.fast }}\l", shape=hexagon, style=filled, fillcolor="#dafbe1", color="#1a7f37", penwidth=3];
    s5 [label="✗ deploy-${{ self.region }}  10.0s\lworkflow deploy\leach of ${{ inputs.regions }}\l✓ deploy-eu  5.0s\l✗ deploy-us  10.0s, timeout\l", shape=box3d, style=filled, fillcolor="#ffebe9", color="#cf222e", penwidth=3];
  }
  s0 -> s1 [penwidth=3];
  s0 -> s2;
  s2 -> s3 [label="completed"];
  s1 -> s3 [penwidth=3];
  s4 -> s5 [penwidth=3];
  s3 -> s4 [ltail=cluster_0, lhead=cluster_1, penwidth=3];
}
)");
}

TEST(GraphSvgTest, TextOfUsersIsEscaped) {
  WorkflowGraph graph = release();
  graph.workflow_name = "<script>&\"";
  const std::string svg = graph_svg(graph);
  EXPECT_NE(svg.find("&lt;script&gt;&amp;&quot;"), std::string::npos);
  EXPECT_EQ(svg.find("<script"), std::string::npos);
}

// What holds for every graph.

struct RandomWorkflow {
  WorkflowGraph graph;
  std::vector<std::string> names;
};

RandomWorkflow random_workflow() {
  RandomWorkflow random;
  WorkflowGraph& graph = random.graph;
  graph.workflow_name = "random";
  const auto jobs = *rc::gen::inRange<std::size_t>(1, 5);
  for (std::size_t job = 0; job < jobs; ++job) {
    graph.jobs.push_back({.name = fmt::format("job{}", job)});
    const auto steps = *rc::gen::inRange<std::size_t>(1, 16);
    const std::size_t first = graph.steps.size();
    for (std::size_t step = 0; step < steps; ++step) {
      random.names.push_back(fmt::format("n{}x{}z", job, step));
      graph.jobs[job].steps.push_back(graph.steps.size());
      graph.steps.push_back(
          {.name = random.names.back(), .job = job, .task = "assert", .what = "true"});
      const auto edges = step == 0 ? 0 : *rc::gen::inRange<std::size_t>(0, 3);
      for (std::size_t i = 0; i < edges; ++i) {
        engine::GraphEdge edge{.from = first + *rc::gen::inRange<std::size_t>(0, step),
                               .to = first + step};
        if (*rc::gen::inRange(0, 3) == 0) edge.condition.kind = spec::Condition::Kind::failed;
        graph.step_edges.push_back(edge);
      }
    }
    if (job > 0)
      graph.job_edges.push_back({.from = *rc::gen::inRange<std::size_t>(0, job), .to = job});
  }
  return random;
}

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1))
    ++found;
  return found;
}

std::size_t widest(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    width = std::max(width, display_width(text.substr(0, end)));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return width;
}

RC_GTEST_PROP(GraphTextProperty, EveryStepIsThereOnceAndNothingIsWiderThanAsked, ()) {
  const RandomWorkflow random = random_workflow();
  const auto width = *rc::gen::inRange<std::size_t>(30, 200);
  for (const auto form : {TextOptions::Form::fitting, TextOptions::Form::rows}) {
    const std::string drawing = graph_text(random.graph, {.width = width, .form = form});
    RC_ASSERT(widest(drawing) <= width);
    if (form == TextOptions::Form::rows) continue;
    const bool is_rows = drawing.find("●") != std::string::npos;
    for (const std::string& name : random.names) {
      if (!is_rows) RC_ASSERT(count(drawing, name) == 1u);
    }
  }
}

RC_GTEST_PROP(GraphTextProperty, RowsHaveALineOrAWordForEveryEdge, ()) {
  const RandomWorkflow random = random_workflow();
  const std::string drawing =
      graph_text(random.graph, {.width = 500, .form = TextOptions::Form::rows});
  for (const std::string& name : random.names)
    RC_ASSERT(count(drawing, " " + name + " ") >= 1u);
  RC_ASSERT(count(drawing, "●") == random.names.size());
}

RC_GTEST_PROP(GraphFormatsProperty, OtherProgramsGetEveryNodeAndEdge, ()) {
  const RandomWorkflow random = random_workflow();
  const std::size_t edges = random.graph.step_edges.size() + random.graph.job_edges.size();
  RC_ASSERT(count(graph_mermaid(random.graph), "-->") == edges);
  RC_ASSERT(count(graph_dot(random.graph), " -> ") == edges);
  const std::string svg = graph_svg(random.graph);
  RC_ASSERT(count(svg, "class=\"tip\"") == edges);
  RC_ASSERT(count(svg, "class=\"step\"") == random.names.size());
  for (const std::string& name : random.names)
    RC_ASSERT(count(svg, ">" + name + "<") == 1u);
  RC_ASSERT(graph_document(random.graph)["edges"].as_list().size() == edges);
}

}  // namespace
}  // namespace swamp::render::graph
