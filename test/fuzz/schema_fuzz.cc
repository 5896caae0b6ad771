#include "fuzz/require.h"
#include "schema/arguments.h"
#include "schema/schema.h"
#include "value/json.h"

using swamp::test::require;

/// The input is a schema and a value in JSON, with a line `---` between.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::string_view kSeparator = "\n---\n";
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t middle = text.find(kSeparator);
  if (middle == std::string_view::npos) return 0;
  const auto schema = swamp::parse_json(text.substr(0, middle));
  const auto value = swamp::parse_json(text.substr(middle + kSeparator.size()));
  if (!schema || !value) return 0;

  const auto coerced = swamp::schema::coerce(*value, *schema);
  require(swamp::schema::coerce(coerced, *schema) == coerced, "what is coerced stays as it is");
  swamp::schema::apply_defaults(*value, *schema);
  swamp::schema::sensitive_fields(*schema);
  const auto compiled =
      swamp::schema::Schema::compile(*schema, {.assert_formats = true, .max_steps = 10'000});
  if (!compiled) return 0;
  const auto problems = compiled->validate(*value);
  require(problems.empty() == compiled->accepts(*value), "a value is accepted, or has problems");
  if (!problems.empty()) swamp::schema::to_error(problems, "input");
  return 0;
}
