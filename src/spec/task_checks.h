#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "spec/argument_checks.h"
#include "spec/catalogue.h"
#include "spec/validate.h"

// The rows of a workflow's validation that need other documents and types. Not for other rooms.
namespace swamp::spec {

/// Asks a catalogue each question once: many steps name the same few things.
class CachedCatalogue final : public Catalogue {
 public:
  explicit CachedCatalogue(const Catalogue& catalogue) : catalogue_(catalogue) {}

  Result<std::shared_ptr<const TypeShape>> find_type(const TypeName& type) const override;
  Result<std::shared_ptr<const Definition>> find_definition(
      std::string_view name_or_id) const override;
  Result<std::shared_ptr<const Workflow>> find_workflow(std::string_view name_or_id) const override;
  std::vector<std::string> definition_names() const override {
    return catalogue_.definition_names();
  }
  std::vector<std::string> workflow_names() const override { return catalogue_.workflow_names(); }
  std::vector<std::string> driver_names() const override { return catalogue_.driver_names(); }

  /// For schemas of what was found: those live as long as this.
  SchemaCache& schemas() const { return schemas_; }

 private:
  const Catalogue& catalogue_;
  mutable SchemaCache schemas_;
  mutable std::map<std::string, Result<std::shared_ptr<const TypeShape>>, std::less<>> types_;
  mutable std::map<std::string, Result<std::shared_ptr<const Definition>>, std::less<>>
      definitions_;
  mutable std::map<std::string, Result<std::shared_ptr<const Workflow>>, std::less<>> workflows_;
};

/// `Step inputs for …`: what the step calls exists, and is given what it needs and knows. Nothing
/// for other tasks.
std::optional<Finding> check_step_inputs(const Job& job, const Step& step,
                                         const CachedCatalogue& catalogue);
Finding check_method_call(const Job& job, const Step& step, const ModelMethodTask& task,
                          const CachedCatalogue& catalogue);

/// `GlobalArgument input references for …`: the definition's text uses no input that nobody gives
/// it.
std::optional<Finding> check_input_references(const Workflow& workflow, const Job& job,
                                              const Step& step, const CachedCatalogue& catalogue);

/// `Data outputs of …`: overrides of outputs that the type has, each once, varied by inputs that
/// there are. Nothing for a step without overrides.
std::optional<Finding> check_overrides(const Workflow& workflow, const Job& job, const Step& step,
                                       const CachedCatalogue& catalogue);

/// Defaults that their own input does not take.
std::vector<Error> wrong_defaults(const Workflow& workflow, const CachedCatalogue& catalogue);

/// What `trigger.inputs` lacks, or gives wrongly.
std::vector<Error> trigger_errors(const Workflow& workflow, const CachedCatalogue& catalogue);

/// The row with these errors, passed when there are none.
Finding with_errors(Finding row, std::vector<Error> errors);

/// Workflows that call each other in a circle, or more than ten deep.
std::vector<Error> nested_cycles(const Workflow& workflow, const CachedCatalogue& catalogue);

/// The inputs that expressions of a definition use when one of its methods runs.
std::vector<std::string> mentioned_inputs(const Definition& definition, std::string_view method);

}  // namespace swamp::spec
