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
  return expression.ok() ? Datum::boolean(RE2::PartialMatch(text, expression)) : fault();
}

Datum Pattern::fault() const {
  const RE2& expression = machine_->expression;
  if (expression.ok()) return Datum();
  const bool is_beyond = expression.error_code() == RE2::ErrorBadPerlOp ||
                         expression.error_code() == RE2::ErrorBadEscape;
  return Datum::failure(
      fmt::format("the pattern is not one that RE2 takes: {}", expression.error()),
      is_beyond ? "there is no look-around and no back reference" : "");
}

std::size_t Pattern::groups() const {
  return static_cast<std::size_t>(machine_->expression.NumberOfCapturingGroups());
}

std::vector<std::string_view> Pattern::find(std::string_view text, std::size_t from) const {
  std::vector<re2::StringPiece> parts(groups() + 1);
  const re2::StringPiece whole(text.data(), text.size());
  const bool is_found = machine_->expression.Match(whole, from, text.size(), RE2::UNANCHORED,
                                                   parts.data(), static_cast<int>(parts.size()));
  std::vector<std::string_view> match;
  if (!is_found) return match;
  for (const re2::StringPiece& part : parts)
    match.push_back(part.data() == nullptr ? std::string_view()
                                           : std::string_view(part.data(), part.size()));
  return match;
}

bool Pattern::takes_replacement(const std::string& replacement) const {
  std::string why;  // in the words of a library
  return machine_->expression.CheckRewriteString(replacement, &why);
}

void Pattern::append_replacement(std::string& out, const std::string& replacement,
                                 const std::vector<std::string_view>& match) const {
  std::vector<re2::StringPiece> parts;
  for (const std::string_view part : match)
    parts.emplace_back(part.data(), part.size());
  machine_->expression.Rewrite(&out, replacement, parts.data(), static_cast<int>(parts.size()));
}

}  // namespace swamp::cel
