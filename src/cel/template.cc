#include "cel/template.h"

#include <algorithm>

#include "cel/datum.h"
#include "cel/faults.h"
#include "cel/lexer.h"
#include "cel/secret_pieces.h"
#include "value/json.h"

namespace swamp::cel {

namespace {

constexpr std::string_view kOpen = "${{";
constexpr std::string_view kClose = "}}";
constexpr std::string_view kBlanks = " \t\r\n\f\v";

bool is_blank(std::string_view text) {
  return text.find_first_not_of(kBlanks) == std::string_view::npos;
}

/// Whether the quote at `at` opens a raw string: an r stands before it that is no part of a name.
bool is_raw_quote(std::string_view text, std::size_t at) {
  std::size_t begin = at;
  while (begin > 0 && is_name_part(text[begin - 1])) {
    --begin;
  }
  const std::string_view prefix = text.substr(begin, at - begin);
  return prefix.size() <= 2 && prefix.find_first_of("rR") != std::string_view::npos;
}

bool is_tripled(std::string_view text, std::size_t at) {
  return at + 2 < text.size() && text[at] == text[at + 1] && text[at] == text[at + 2];
}

/// Where the `}}` stands that ends the expression whose text begins at `begin`; npos when none
/// does.
///
///   braces nest; strings hide braces, one without an end does not count as a string;
///   a comment hides braces up to the end of its line, but not the `}}` that ends the expression.
std::size_t find_close(std::string_view text, std::size_t begin) {
  std::size_t depth = 0;
  std::size_t open_until = 0;  // up to here a quote opened a string in vain, and so would any other
  for (std::size_t at = begin; at < text.size(); ++at) {
    const char c = text[at];
    if ((c == '\'' || c == '"') && at >= open_until) {
      const std::size_t end = end_of_string(text, at, is_raw_quote(text, at));
      if (end != std::string_view::npos) {
        at = end - 1;
      } else {
        open_until =
            is_tripled(text, at) ? text.size() : std::min(text.find('\n', at), text.size());
      }
    } else if (c == '/' && text.substr(at, 2) == "//") {
      const std::string_view comment = text.substr(at, text.find('\n', at) - at);
      at += std::min(comment.find(kClose), comment.size()) - 1;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && depth > 0) {
      --depth;
    } else if (text.substr(at, 2) == kClose) {
      return at;
    }
  }
  return std::string_view::npos;
}

struct Piece {
  bool is_expression = false;
  std::size_t begin = 0;  // of the plain text, or of what stands between the braces
  std::size_t end = 0;
};

/// Cuts the text. A `${{` without any `}}` after it, and `${{}}`, are plain text. Fails at the
/// `${{` whose end lies hidden.
tl::expected<std::vector<Piece>, Fault> cut(std::string_view text) {
  std::vector<Piece> pieces;
  std::size_t plain = 0;
  std::size_t at = text.find(kOpen);
  while (at != std::string_view::npos) {
    const std::size_t begin = at + kOpen.size();
    if (text.substr(begin, 2) == kClose) {
      at = text.find(kOpen, begin);
      continue;
    }
    if (text.find(kClose, begin) == std::string_view::npos) break;
    const std::size_t close = find_close(text, begin);
    if (close == std::string_view::npos) {
      return tl::unexpected(Fault{.message = "the expression has no end",
                                  .hint = "its '}}' stands inside a string or map literal",
                                  .begin = static_cast<std::uint32_t>(at),
                                  .end = static_cast<std::uint32_t>(begin)});
    }
    if (at > plain) pieces.push_back({false, plain, at});
    pieces.push_back({true, begin, close});
    plain = close + kClose.size();
    at = text.find(kOpen, plain);
  }
  if (plain < text.size()) pieces.push_back({false, plain, text.size()});
  return pieces;
}

/// The places of bytes of a text, which are asked for in their order.
class Places {
 public:
  Places(std::string_view text, const SourceSpan* where)
      : text_(text), outer_(place_of(text, where, 0, 1)) {}

  SourceSpan at(std::size_t byte) {
    for (; at_ < byte; ++at_) {
      const bool is_line_end = text_[at_] == '\n';
      const bool is_character = (static_cast<unsigned char>(text_[at_]) & 0xC0) != 0x80;
      column_ = is_line_end ? 1 : column_ + (is_character ? 1 : 0);
      line_ += is_line_end ? 1 : 0;
    }
    return within(outer_, line_, column_, 1);
  }

 private:
  std::string_view text_;
  SourceSpan outer_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  std::uint32_t column_ = 1;
};

/// Without the marks: the text that a secret stands for.
Value revealed(const Value& value) {
  if (value.is_string()) return value.is_secret() ? Value(value.as_string()) : value;
  if (value.is_list()) {
    List items;
    for (const Value& item : value.as_list()) {
      items.push_back(revealed(item));
    }
    return items;
  }
  if (!value.is_map()) return value;
  Map entries;
  for (const auto& [key, member] : value.as_map()) {
    entries.set(key, revealed(member));
  }
  return entries;
}

/// A secret string shown as `text`; when it is exactly what a vault gave, it stays known as that.
/// The secrets in a list or map keep what they are shown as: it says more about each than the text
/// that gave them all.
Value shown_as(const Value& value, const std::string& text) {
  if (!value.is_secret()) return value;
  auto origin = std::make_shared<SecretOrigin>(*value.secret_origin());
  origin->expression = text;
  return Value::secret(value.as_string(), std::move(origin));
}

/// The origin of what is secret in a value that becomes text: its own, or of a list or map that
/// holds a secret one that makes all of its text secret.
std::shared_ptr<const SecretOrigin> origin_in(const Value& value) {
  if (value.is_secret()) return value.secret_origin();
  return value.holds_secret() ? std::make_shared<const SecretOrigin>() : nullptr;
}

/// Whether the value, written out, has at most `meter` elements; what is put into many places
/// counts in each.
bool fits(const Value& value, Meter& meter) {
  if (!meter.charge(1)) return false;
  if (value.is_string()) return meter.charge(value.as_string().size() / 16);
  if (value.is_list()) {
    return std::all_of(value.as_list().begin(), value.as_list().end(),
                       [&](const Value& item) { return fits(item, meter); });
  }
  if (value.is_map()) {
    return std::all_of(value.as_map().begin(), value.as_map().end(),
                       [&](const Map::Entry& entry) { return fits(entry.second, meter); });
  }
  return true;
}

void append_text(std::string& out, const Value& value) {
  switch (value.kind()) {
    case Value::Kind::null:
      return;
    case Value::Kind::boolean:
      out += value.as_bool() ? "true" : "false";
      return;
    case Value::Kind::int64:
      out += std::to_string(value.as_int());
      return;
    case Value::Kind::uint64:
      out += std::to_string(value.as_uint());
      return;
    case Value::Kind::real:
      out += number_to_string(value.as_double());
      return;
    case Value::Kind::string:
      out += value.as_string();
      return;
    case Value::Kind::list:
    case Value::Kind::map:
      append_json(out, value.holds_secret() ? revealed(value) : value, {.indent = 2});
      return;
  }
}

}  // namespace

bool Template::has_expression(std::string_view text) {
  for (std::size_t at = text.find(kOpen); at != std::string_view::npos;
       at = text.find(kOpen, at + 1)) {
    if (text.substr(at + kOpen.size(), 2) == kClose) continue;
    return text.find(kClose, at + kOpen.size()) != std::string_view::npos;
  }
  return false;
}

Result<Template> Template::compile(std::string_view text, Dialect dialect,
                                   const SourceSpan* where) {
  auto pieces = cut(text);
  if (!pieces) {
    const Fault& fault = pieces.error();
    return fail(Error{.code = ErrorCode::invalid_input,
                      .message = fault.message,
                      .where = place_of(text, where, fault.begin, fault.end),
                      .hint = fault.hint});
  }
  Template result;
  result.text_ = text;
  Places places(text, where);
  for (const Piece& piece : *pieces) {
    const std::string_view inside = text.substr(piece.begin, piece.end - piece.begin);
    if (!piece.is_expression) {
      result.parts_.emplace_back(std::string(inside));
      continue;
    }
    const std::size_t first = std::min(inside.find_first_not_of(kBlanks), inside.size());
    const std::size_t last = std::max(inside.find_last_not_of(kBlanks) + 1, first);
    const auto begin = static_cast<std::uint32_t>(piece.begin + first);
    const SourceSpan place = places.at(begin);
    SWAMP_TRY(Program program,
              Program::compile(inside.substr(first, last - first), dialect, &place));
    result.references_.merge(program.references());
    result.parts_.emplace_back(std::move(program));
  }
  const auto is_program = [](const auto& part) { return std::holds_alternative<Program>(part); };
  const auto expressions = std::count_if(result.parts_.begin(), result.parts_.end(), is_program);
  const bool has_blank_rest =
      result.parts_.size() == 1 || (result.parts_.size() == 2 && !is_program(result.parts_[1]) &&
                                    is_blank(std::get<std::string>(result.parts_[1])));
  result.whole_ = expressions == 1 && is_program(result.parts_[0]) && has_blank_rest;
  return result;
}

bool Template::is_plain() const {
  return std::none_of(parts_.begin(), parts_.end(),
                      [](const auto& part) { return std::holds_alternative<Program>(part); });
}

bool Template::is_whole() const {
  return whole_;
}

Result<Outcome> Template::evaluate(const Scope& scope, const Answers& answers,
                                   const Limits& limits) const {
  if (is_plain()) return Outcome(Value(text_));
  if (whole_) {
    SWAMP_TRY(Outcome outcome, std::get<Program>(parts_[0]).evaluate(scope, answers, limits));
    auto* value = std::get_if<Value>(&outcome);
    if (value != nullptr) return Outcome(shown_as(*value, text_));
    return outcome;
  }
  std::string text;
  std::vector<Ask> asks;
  SecretPieces secrets;
  for (const auto& part : parts_) {
    if (const auto* plain = std::get_if<std::string>(&part)) {
      text += *plain;
      continue;
    }
    SWAMP_TRY(Outcome outcome, std::get<Program>(part).evaluate(scope, answers, limits));
    if (auto* more = std::get_if<std::vector<Ask>>(&outcome)) {
      for (Ask& ask : *more) {
        if (std::find(asks.begin(), asks.end(), ask) == asks.end()) asks.push_back(std::move(ask));
      }
      continue;
    }
    const Value& value = std::get<Value>(outcome);
    Meter meter(limits.cost);
    if (!fits(value, meter)) return fail(ErrorCode::invalid_input, "the text would be too long");
    const std::size_t begin = text.size();
    append_text(text, value);
    secrets.add(begin, text.size() - begin, origin_in(value));
  }
  if (!asks.empty()) return Outcome(std::move(asks));
  if (auto origin = secrets.origin(text_))
    return Outcome(Value::secret(std::move(text), std::move(origin)));
  return Outcome(Value(std::move(text)));
}

std::vector<Error> Template::check_names(const Scope& scope) const {
  std::vector<Error> errors;
  for (const Program* program : programs()) {
    auto found = program->check_names(scope);
    std::move(found.begin(), found.end(), std::back_inserter(errors));
  }
  return errors;
}

std::vector<const Program*> Template::programs() const {
  std::vector<const Program*> programs;
  for (const auto& part : parts_) {
    if (const auto* program = std::get_if<Program>(&part)) programs.push_back(program);
  }
  return programs;
}

}  // namespace swamp::cel
