#include "spec/definition_fields.h"

namespace swamp::spec {

void visit_fields(
    const Definition& definition,
    const std::function<void(const std::vector<std::string>& keys, const Field& field)>& visit) {
  visit({"tags"}, definition.tags);
  visit({"globalArguments"}, definition.global_arguments);
  for (const Definition::Method& method : definition.methods) {
    visit({"methods", method.name, "arguments"}, method.arguments);
  }
  visit({"inputs"}, definition.inputs.source());
  visit({"driverConfig"}, definition.driver.config);
}

}  // namespace swamp::spec
