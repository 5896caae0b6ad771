#include "spec/workflow_fields.h"

namespace swamp::spec {
namespace {

using Visit = std::function<void(const Field&)>;

void visit_all(std::initializer_list<const Field*> fields, const Visit& visit) {
  for (const auto* field : fields) {
    if (*field) visit(*field);
  }
}

void visit_placement(const Placement& placement, const Visit& visit) {
  visit_all({&placement.target, &placement.labels, &placement.platform}, visit);
}

struct TaskVisitor {
  const Visit& visit;

  void operator()(const ModelMethodTask& task) const {
    visit_all({&task.model, &task.model_type, &task.model_name, &task.method, &task.inputs,
               &task.global_args},
              visit);
  }
  void operator()(const WorkflowTask& task) const {
    visit_all({&task.workflow, &task.inputs}, visit);
  }
  void operator()(const ApprovalTask& task) const { visit_all({&task.prompt}, visit); }
  void operator()(const AssertTask& task) const { visit_all({&task.message}, visit); }
};

}  // namespace

void visit_fields(const Step& step, const Visit& visit) {
  visit_all({&step.name, &step.description, &step.guard}, visit);
  std::visit(TaskVisitor{visit}, step.task);
  if (step.for_each) visit_all({&step.for_each->in}, visit);
  for (const auto& each : step.data_output_overrides)
    visit_all({&each.tags}, visit);
  for (const auto& output : step.outputs)
    visit_all({&output.path}, visit);
  for (const auto& cache : step.caches)
    visit_all({&cache.path, &cache.key, &cache.restore_keys}, visit);
  visit_all({&step.driver.config}, visit);
  visit_placement(step.placement, visit);
}

void visit_fields(const Job& job, const Visit& visit) {
  visit(Field::written(Value(job.name), job.name_where));
  visit_all({&job.description, &job.driver.config}, visit);
  visit_placement(job.placement, visit);
}

void visit_fields(const Workflow& workflow, const Visit& visit) {
  visit_all(
      {&workflow.description, &workflow.tags, &workflow.inputs.source(), &workflow.driver.config},
      visit);
  if (workflow.workspace) visit_all({&workflow.workspace->name}, visit);
  visit_placement(workflow.placement, visit);
}

}  // namespace swamp::spec
