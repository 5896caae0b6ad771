#include <optional>

#include <fmt/format.h>

#include "cel/characters.h"
#include "cel/functions/function.h"
#include "cel/functions/pattern.h"

namespace swamp::cel {

namespace {

/// The pattern of a call, compiled before it or for it.
class CallPattern {
 public:
  explicit CallPattern(const Call& call) : pattern_(static_cast<const Pattern*>(call.prepared)) {
    if (pattern_ != nullptr) return;
    call.charge(100 + call.text(1).size());
    pattern_ = &own_.emplace(call.text(1));
  }

  const Pattern* operator->() const { return pattern_; }

 private:
  const Pattern* pattern_;
  std::optional<Pattern> own_;
};

using Match = std::vector<std::string_view>;

/// Calls `visit(match)` for every match that does not overlap one before, until it returns false.
/// An empty match right behind another is none.
template <class Visit>
void each_match(const Call& call, const CallPattern& pattern, Visit visit) {
  const std::string_view text = call.text(0);
  std::size_t from = 0;
  std::size_t last_end = std::string_view::npos;
  while (from <= text.size()) {
    const Match match = pattern->find(text, from);
    if (match.empty()) return;
    const auto begin = static_cast<std::size_t>(match[0].data() - text.data());
    const std::size_t end = begin + match[0].size();
    // Finding it has looked at all that lies before.
    if (!call.charge(1 + (end - from) / 16)) return;
    if (end > begin || begin != last_end) {
      if (!visit(match)) return;
      last_end = end;
    }
    from = end > begin ? end : end < text.size() ? end + character_length(text, end) : end + 1;
  }
}

/// What is taken of a match: its group where the pattern has one. Nothing when that took no part.
std::optional<std::string> taken(const Match& match) {
  const std::string_view part = match.back();
  if (part.data() == nullptr) return std::nullopt;
  return std::string(part);
}

Datum fault_of(const CallPattern& pattern) {
  if (Datum fault = pattern->fault(); fault.is(Kind::failure)) return fault;
  if (pattern->groups() <= 1) return Datum();
  return Datum::failure(
      fmt::format("the pattern has {} groups, of which only one can be taken", pattern->groups()),
      "write (?:…) for groups that only hold together");
}

Datum extract(Call& call) {
  const CallPattern pattern(call);
  if (Datum fault = fault_of(pattern); fault.is(Kind::failure)) return fault;
  Datum found = Datum::none();
  each_match(call, pattern, [&](const Match& match) {
    if (auto part = taken(match)) found = Datum::some(call.string(*std::move(part)));
    return false;
  });
  return found;
}

Datum extract_all(Call& call) {
  const CallPattern pattern(call);
  if (Datum fault = fault_of(pattern); fault.is(Kind::failure)) return fault;
  const auto origin = call.origin();
  Items parts;
  each_match(call, pattern, [&](const Match& match) {
    auto part = taken(match);
    if (part && call.charge(kElementCost + part->size() / 16))
      parts.push_back(Datum::string(*std::move(part), origin));
    return true;
  });
  return Datum::list(std::move(parts));
}

Datum replace_matches(Call& call) {
  const CallPattern pattern(call);
  if (Datum fault = pattern->fault(); fault.is(Kind::failure)) return fault;
  if (!pattern->takes_replacement(call.text(2)))
    return Datum::failure("the replacement does not fit the pattern",
                          "\\1 is its first group, \\\\ a backslash");
  std::int64_t left = call.size() > 3 && call[3].as_int() >= 0 ? call[3].as_int() : INT64_MAX;
  const std::string& text = call.text(0);
  std::string out;
  std::size_t at = 0;
  each_match(call, pattern, [&](const Match& match) {
    if (left-- == 0) return false;
    const auto begin = static_cast<std::size_t>(match[0].data() - text.data());
    const std::size_t before = out.size();
    out.append(text, at, begin - at);
    pattern->append_replacement(out, call.text(2), match);
    at = begin + match[0].size();
    return call.charge((out.size() - before) / 16);
  });
  return call.string(out.append(text, at));
}

std::shared_ptr<const void> prepare(const std::string& text) {
  return std::make_shared<const Pattern>(text);
}

constexpr Function kRegexFunctions[] = {
    {.name = "regex.extract",
     .type = "(string, string) -> optional",
     .doc = "the first part of the text that the pattern fits, or what its group holds",
     .example = "regex.extract('berth-42', '-([0-9]+)').value() == '42'",
     .call = extract,
     .prepare = prepare},
    {.name = "regex.extractAll",
     .type = "(string, string) -> list",
     .doc = "the same for every part that it fits",
     .example = "regex.extractAll('a1 b22', '[0-9]+') == ['1', '22']",
     .call = extract_all,
     .prepare = prepare},
    {.name = "regex.replace",
     .type = "(string, string, string) -> string",
     .doc = "every part that the pattern fits replaced; `\\1` is its first group",
     .example = "regex.replace('a-b', '(.)-(.)', r'\\2-\\1') == 'b-a'",
     .call = replace_matches,
     .prepare = prepare},
    {.name = "regex.replace",
     .type = "(string, string, string, int) -> string",
     .doc = "so many of them replaced",
     .example = "regex.replace('aaa', 'a', 'b', 2) == 'bba'",
     .call = replace_matches,
     .prepare = prepare},
};

}  // namespace

std::span<const Function> regex_functions() {
  return kRegexFunctions;
}

}  // namespace swamp::cel
