#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "spec/catalogue.h"
#include "spec/definition.h"
#include "spec/workflow.h"

namespace swamp::spec {

/// One row of a validation: a check and what came of it.
struct Finding {
  std::string check;  // `Unique job names`, `Step inputs for 'a' in job 'main' (web.deploy)`
  bool passed = true;
  bool warning = false;      // worth saying, but no reason to refuse
  bool refuses_run = false;  // a workflow that fails this row is not started
  std::optional<Error> error =
      std::nullopt;  // why it did not pass, or what the warning is; more in `also`
};

/// Every check of a workflow that needs no evaluation, in a fixed order; rows that speak of a job
/// or step come once for each. Names that are expressions pass: they are known only when their step
/// starts.
std::vector<Finding> validate_workflow(const Workflow& workflow, const Catalogue& catalogue);

/// The rows that must hold before a run may start: syntax, unknown names, undeclared inputs,
/// missing types, methods and children, unknown and cyclic dependencies. Everything is combined
/// into one error.
Result<> check_runnable(const Workflow& workflow, const Catalogue& catalogue);

/// The rows `Definition schema`, `Global arguments`, `Method arguments`, `Expression paths`, `Check
/// selection`, and a warning row for environment variables that it reads. The type's own checks are
/// for those who can run them.
std::vector<Finding> validate_definition(const Definition& definition, const Catalogue& catalogue);

/// A process variable that an expression of a definition reads, and where
/// (`globalArguments.token`).
struct EnvironmentUse {
  std::string path;
  std::string variable;
};
std::vector<EnvironmentUse> environment_uses(const Definition& definition);

/// Whether no row failed; warnings count as passed.
bool all_passed(const std::vector<Finding>& findings);

}  // namespace swamp::spec
