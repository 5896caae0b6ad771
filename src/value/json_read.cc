#include <fmt/format.h>
#include <simdjson.h>

#include "value/json.h"
#include "value/json_fault.h"
#include "value/number.h"
#include "value/utf8.h"

namespace swamp {
namespace {

namespace od = simdjson::ondemand;
using simdjson::error_code;

/// Reads the four digits after `\u`; -1 when they are not hexadecimal.
std::int32_t read_unit(const char* at) {
  std::int32_t unit = 0;
  for (int i = 0; i < 4; ++i) {
    const std::string_view kHex = "0123456789abcdef";
    const char lower = at[i] >= 'A' && at[i] <= 'F' ? static_cast<char>(at[i] + 32) : at[i];
    const std::size_t digit = kHex.find(lower);
    if (digit == std::string_view::npos) return -1;
    unit = unit * 16 + static_cast<std::int32_t>(digit);
  }
  return unit;
}

/// Reads the escape of one UTF-16 unit or surrogate pair at `at` (behind `\u`) and moves behind it.
/// A surrogate without its other half becomes U+FFFD.
bool read_unicode_escape(const char*& at, std::string& out) {
  const std::int32_t unit = read_unit(at);
  if (unit < 0) return false;
  at += 4;
  auto code = static_cast<std::uint32_t>(unit);
  if (code >= 0xD800 && code < 0xE000) {
    const std::int32_t low =
        code < 0xDC00 && at[0] == '\\' && at[1] == 'u' ? read_unit(at + 2) : -1;
    if (low >= 0xDC00 && low < 0xE000) {
      at += 6;
      code = 0x10000 + ((code - 0xD800) << 10) + (static_cast<std::uint32_t>(low) - 0xDC00);
    } else {
      code = 0xFFFD;
    }
  }
  append_utf8(out, code);
  return true;
}

/// Unescapes the string that starts behind the quote before `at`, up to its closing quote (which is
/// there). Slower than simdjson's, which refuses half surrogate pairs; JavaScript writes them.
std::optional<std::string> unescape(const char* at) {
  static constexpr std::string_view kNames = "\"\\/bfnrt";
  static constexpr std::string_view kBytes = "\"\\/\b\f\n\r\t";
  std::string out;
  while (*at != '"') {
    if (*at != '\\') {
      out += *at++;
    } else if (at[1] == 'u') {
      at += 2;
      if (!read_unicode_escape(at, out)) return std::nullopt;
    } else {
      const std::size_t name = kNames.find(at[1]);
      if (name == std::string_view::npos) return std::nullopt;
      out += kBytes[name];
      at += 2;
    }
  }
  return out;
}

error_code read_string(simdjson::simdjson_result<std::string_view> text, const char* raw,
                       std::string& out) {
  if (text.error() == simdjson::SUCCESS) {
    out = text.value_unsafe();
    return simdjson::SUCCESS;
  }
  if (text.error() != simdjson::STRING_ERROR) return text.error();
  auto repaired = unescape(raw);
  if (!repaired) return simdjson::STRING_ERROR;
  out = *std::move(repaired);
  return simdjson::SUCCESS;
}

error_code read_number(std::string_view token, Value& out) {
  token = token.substr(0, token.find_last_not_of(" \t\r\n") + 1);
  if (!is_json_number(token)) return simdjson::NUMBER_ERROR;
  auto number = read_decimal(token);
  if (!number) return simdjson::NUMBER_ERROR;
  out = *std::move(number);
  return simdjson::SUCCESS;
}

error_code read_scalar(od::value element, od::json_type type, Value& out) {
  const std::string_view token = element.raw_json_token();
  if (type == od::json_type::number) return read_number(token, out);
  if (type == od::json_type::string) {
    std::string text;
    if (auto error = read_string(element.get_string(), token.data() + 1, text)) return error;
    out = Value(std::move(text));
    return simdjson::SUCCESS;
  }
  if (type == od::json_type::boolean) {
    bool truth = false;
    if (auto error = element.get_bool().get(truth)) return error;
    out = Value(truth);
    return simdjson::SUCCESS;
  }
  out = Value();
  bool is_null = false;
  if (auto error = element.is_null().get(is_null)) return error;
  return is_null ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
}

error_code read_value(od::value element, std::size_t depth, Value& out);

error_code read_list(od::array array, std::size_t depth, Value& out) {
  List items;
  for (auto element : array) {
    od::value item;
    if (auto error = element.get(item)) return error;
    if (auto error = read_value(item, depth, items.emplace_back())) return error;
  }
  out = Value(std::move(items));
  return simdjson::SUCCESS;
}

error_code read_map(od::object object, std::size_t depth, Value& out) {
  std::vector<Map::Entry> entries;
  for (auto element : object) {
    od::field field;
    if (auto error = std::move(element).get(field)) return error;
    std::string key;
    const char* raw = field.key().raw();
    if (auto error = read_string(field.unescaped_key(), raw, key)) return error;
    Value member;
    if (auto error = read_value(field.value(), depth, member)) return error;
    entries.emplace_back(std::move(key), std::move(member));
  }
  out = Value(Map::from(std::move(entries)));
  return simdjson::SUCCESS;
}

error_code read_value(od::value element, std::size_t depth, Value& out) {
  od::json_type type{};
  if (auto error = element.type().get(type)) return error;
  if (type != od::json_type::array && type != od::json_type::object) {
    return read_scalar(element, type, out);
  }
  if (depth == kMaxJsonDepth) return simdjson::DEPTH_ERROR;
  if (type == od::json_type::array) {
    od::array array;
    if (auto error = element.get_array().get(array)) return error;
    return read_list(array, depth + 1, out);
  }
  od::object object;
  if (auto error = element.get_object().get(object)) return error;
  return read_map(object, depth + 1, out);
}

/// Reads the only item of a list.
error_code read_framed(od::document& document, Value& out) {
  od::array frame;
  if (auto error = document.get_array().get(frame)) return error;
  std::size_t count = 0;
  for (auto element : frame) {
    od::value item;
    if (auto error = element.get(item)) return error;
    if (++count > 1) return simdjson::TRAILING_CONTENT;
    if (auto error = read_value(item, 0, out)) return error;
  }
  if (count == 0) return simdjson::EMPTY;
  const bool ended = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
  return ended ? simdjson::SUCCESS : simdjson::TRAILING_CONTENT;
}

// simdjson treats a scalar that is the whole document in its own way, and with weaker checks; as
// the only item of a list every document is alike. The copy has to be made for the padding in any
// case.
error_code read_document(std::string_view text, Value& out) {
  std::string framed;
  framed.reserve(text.size() + 2 + simdjson::SIMDJSON_PADDING);
  framed.append("[").append(text).append("]");
  const std::size_t length = framed.size();
  framed.append(simdjson::SIMDJSON_PADDING, ' ');
  od::parser parser;
  od::document document;
  const simdjson::padded_string_view view(framed.data(), length, framed.size());
  if (auto error = parser.iterate(view).get(document)) return error;
  return read_framed(document, out);
}

/// Only the first bytes of a character start a column.
std::uint32_t count_characters(std::string_view text) {
  return static_cast<std::uint32_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

SourceSpan place_of(const JsonFault& fault, Source source) {
  const std::string_view text = source->text;
  const std::string_view before = text.substr(0, fault.offset);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::string_view line = before.substr(before.rfind('\n') + 1);  // npos + 1 is 0
  return {.source = std::move(source),
          .line = static_cast<std::uint32_t>(lines) + 1,
          .column = count_characters(line) + 1,
          .length = std::max(1U, count_characters(text.substr(fault.offset, fault.length)))};
}

Error explain(std::string_view text, std::string_view name, error_code error) {
  auto source =
      std::make_shared<const SourceText>(SourceText{std::string(name), std::string(text)});
  auto fault = find_json_fault(text);
  if (!fault) fault = JsonFault{.message = simdjson::error_message(error)};
  return Error{.code = ErrorCode::invalid_input,
               .message = std::move(fault->message),
               .where = place_of(*fault, std::move(source)),
               .hint = std::move(fault->hint)};
}

}  // namespace

Result<Value> parse_json(std::string_view text, std::string_view name) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  Value value;
  if (const error_code error = read_document(text, value)) return fail(explain(text, name, error));
  return value;
}

}  // namespace swamp
