#include "fuzz/require.h"
#include "value/json.h"
#include "value/json_fault.h"

using swamp::test::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto value = swamp::parse_json(text);
  const auto fault =
      swamp::find_json_fault(text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text);
  require(value.has_value() == !fault.has_value(), "a text is JSON, or has a fault");
  if (!value) {
    require(value.error().where.has_value() && !value.error().message.empty(),
            "a fault has a place and words");
    return 0;
  }
  const std::string written = swamp::write_json(*value);
  const auto again = swamp::parse_json(written);
  require(again.has_value() && swamp::write_json(*again) == written, "what is written can be read");
  const auto spaced = swamp::parse_json(swamp::write_json(*value, {.indent = 2}));
  require(spaced.has_value() && *spaced == *again, "layout changes nothing");
  const auto canonical = swamp::parse_json(swamp::write_canonical_json(*value));
  require(canonical.has_value() && *canonical == *value, "the canonical form is the same value");
  return 0;
}
