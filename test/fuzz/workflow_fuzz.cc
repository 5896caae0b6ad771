// Workflows: what is accepted is written and read again as the same, and can be validated; what is
// refused says where.
#include <string>

#include "fuzz/require.h"
#include "spec/validate.h"
#include "spec/workflow_yaml.h"
#include "yaml/parse.h"

using namespace swamp;
using swamp::test::require;

namespace {

/// There is nothing but the workflow itself.
class EmptyCatalogue final : public spec::Catalogue {
 public:
  Result<std::shared_ptr<const spec::TypeShape>> find_type(const spec::TypeName&) const override {
    return none();
  }
  Result<std::shared_ptr<const spec::Definition>> find_definition(std::string_view) const override {
    return none();
  }
  Result<std::shared_ptr<const spec::Workflow>> find_workflow(std::string_view) const override {
    return none();
  }
  std::vector<std::string> definition_names() const override { return {}; }
  std::vector<std::string> workflow_names() const override { return {}; }
  std::vector<std::string> driver_names() const override { return {"raw"}; }

 private:
  static tl::unexpected<Error> none() { return fail(ErrorCode::not_found, "there is none"); }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto document = yaml::parse(std::string(reinterpret_cast<const char*>(data), size), "fuzz");
  if (!document) return 0;
  const auto workflow = spec::decode_workflow(*document);
  if (!workflow) {
    require(workflow.error().where.has_value(), "a problem has a place");
    return 0;
  }
  const auto again = spec::make_workflow(workflow->document);
  require(again.has_value(), "what was accepted is accepted when written anew");
  require(spec::encode_workflow(*again) == spec::encode_workflow(*workflow),
          "it is written as the same");
  require(!spec::validate_workflow(*workflow, EmptyCatalogue()).empty(), "it can be validated");
  return 0;
}
