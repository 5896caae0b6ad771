#include "cel/functions/pattern.h"

#include <fmt/format.h>
#include <re2/re2.h>

namespace swamp::cel {

struct Pattern::Machine {
  static RE2::Options options() {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(4 << 20);
    return options;
  }
  explicit Machine(const std::string& text) : expression(text, options()) {}
  RE2 expression;
};

Pattern::Pattern(const std::string& text) : machine_(std::make_unique<Machine>(text)) {}
Pattern::~Pattern() = default;

Datum Pattern::is_in(const std::string& text) const {
  const RE2& expression = machine_->expression;
  if (expression.ok()) return Datum::boolean(RE2::PartialMatch(text, expression));
  const bool is_beyond = expression.error_code() == RE2::ErrorBadPerlOp ||
                         expression.error_code() == RE2::ErrorBadEscape;
  return Datum::failure(
      fmt::format("the pattern is not one that RE2 takes: {}", expression.error()),
      is_beyond ? "there is no look-around and no back reference" : "");
}

}  // namespace swamp::cel
