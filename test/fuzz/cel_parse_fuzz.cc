// Any text is an expression or is refused with a place; an expression is printed as one that reads
// the same; and as a template it is cut into the same pieces however often.

#include "cel/template.h"
#include "cel/tree.h"
#include "fuzz/require.h"

using namespace swamp;  // NOLINT(google-build-using-namespace)
using swamp::test::require;

namespace {

void parse(std::string_view text, cel::Dialect dialect) {
  const auto program = cel::Program::compile(text, dialect);
  if (!program) {
    const Error& error = program.error();
    require(!error.message.empty() && error.where.has_value(), "a fault has words and a place");
    return;
  }
  const std::string printed = cel::print(program->tree());
  const auto again = cel::Program::compile(printed, dialect);
  require(again.has_value(), "what is printed can be read");
  require(cel::print(again->tree()) == printed, "what is printed reads the same");
  require(again->references().roots == program->references().roots, "it mentions the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  parse(text, cel::Dialect::strict);
  parse(text, cel::Dialect::swamp);
  const auto plain = cel::Template::compile(text, cel::Dialect::swamp);
  if (plain && !cel::Template::has_expression(text))
    require(plain->is_plain(), "without marks there is no expression");
  return 0;
}
