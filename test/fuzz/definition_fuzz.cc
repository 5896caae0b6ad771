// Definitions: what is accepted is written and read again as the same, unknown keys included.
#include <string>

#include "fuzz/require.h"
#include "spec/definition_yaml.h"
#include "spec/validate.h"
#include "yaml/parse.h"

using namespace swamp;
using swamp::test::require;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto document = yaml::parse(std::string(reinterpret_cast<const char*>(data), size), "fuzz");
  if (!document) return 0;
  const auto definition = spec::decode_definition(*document, "acme/web");
  if (!definition) {
    require(definition.error().where.has_value(), "a problem has a place");
    return 0;
  }
  const auto text = spec::encode_definition(*definition);
  const auto parsed = yaml::parse(text, "written");
  require(parsed.has_value(), "what is written is YAML");
  const auto again = spec::decode_definition(*parsed, "acme/web");
  require(again.has_value(), "what was accepted is accepted when written anew");
  require(spec::encode_definition(*again) == text, "it is written as the same");
  require(again->unknown_keys.size() == definition->unknown_keys.size(), "unknown keys are kept");
  spec::environment_uses(*definition);
  return 0;
}
