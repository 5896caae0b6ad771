#include "yaml/write.h"

#include <cmath>

#include <fmt/format.h>

#include "value/json.h"
#include "yaml/scalar_style.h"

namespace swamp::yaml {
namespace {

constexpr std::size_t kIndent = 2;
constexpr std::size_t kLongestImplicitKey = 1024;  // a reader need not look further for the ':'

bool is_nested(const Value& value) {
  return (value.is_map() && !value.as_map().empty()) ||
         (value.is_list() && !value.as_list().empty());
}

/// As JavaScript prints it, but with a point before an exponent (YAML 1.1 wants one), and with all
/// digits where those of JavaScript would be read as another whole number.
std::string double_text(double number) {
  if (std::isnan(number)) return ".nan";
  if (std::isinf(number)) return number > 0 ? ".inf" : "-.inf";
  if (number == 0 && std::signbit(number)) return "-0.0";
  const bool is_exact_integer = std::trunc(number) == number && std::fabs(number) < 0x1p64;
  if (is_exact_integer) return fmt::format("{:.0f}", number);
  std::string text = number_to_string(number);
  const std::size_t exponent = text.find('e');
  if (exponent != std::string::npos && text.find('.') == std::string::npos)
    text.insert(exponent, ".");
  return text;
}

/// Writes depth first into one text. A level is two blanks of indent; a list lies one level below
/// its key, what an item holds one below the list.
class Writer {
 public:
  explicit Writer(WriteStyle style) : quote_(style.quote) {}

  std::string write(const Value& value) && {
    if (is_nested(value)) {
      write_nested(value, 0, true);
    } else {
      write_leaf(value, 0);
    }
    return std::move(*this).finish();
  }

  std::string finish() && {
    out_ += '\n';
    return std::move(out_);
  }

 protected:
  /// `compact`: the first entry goes on the line that is there already, behind a `- `.
  void write_nested(const Value& value, std::size_t level, bool compact) {
    if (value.is_map()) {
      for (const auto& [key, member] : value.as_map()) {
        if (!std::exchange(compact, false)) new_line(level);
        write_key(key, level);
        write_member(member, level + 1);
      }
    } else {
      for (const Value& item : value.as_list()) {
        if (!std::exchange(compact, false)) new_line(level);
        begin_item();
        write_item(item, level + 1);
      }
    }
  }

  void begin_item() { out_ += "- "; }

  void write_key(const std::string& key, std::size_t level) {
    std::string text;
    append_text(text, key, level + 1, true);
    if (text.size() > kLongestImplicitKey) {
      out_.append("? ").append(text);
      new_line(level);
    } else {
      out_ += text;
    }
    out_ += ':';
  }

  void write_member(const Value& value, std::size_t level) {
    if (is_nested(value)) return write_nested(value, level, false);
    out_ += ' ';
    write_leaf(value, level);
  }

  void write_item(const Value& value, std::size_t level) {
    if (is_nested(value)) return write_nested(value, level, true);
    write_leaf(value, level);
  }

  void new_line(std::size_t level) { out_.append(1, '\n').append(kIndent * level, ' '); }

 private:
  void write_leaf(const Value& value, std::size_t level) {
    switch (value.kind()) {
      case Value::Kind::null:
        out_ += "null";
        break;
      case Value::Kind::boolean:
        out_ += value.as_bool() ? "true" : "false";
        break;
      case Value::Kind::int64:
        out_ += fmt::format_int(value.as_int()).c_str();
        break;
      case Value::Kind::uint64:
        out_ += fmt::format_int(value.as_uint()).c_str();
        break;
      case Value::Kind::real:
        out_ += double_text(value.as_double());
        break;
      case Value::Kind::string:
        append_text(out_, value.is_secret() ? value.secret_origin()->expression : value.as_string(),
                    level, false);
        break;
      case Value::Kind::list:
        out_ += "[]";
        break;
      case Value::Kind::map:
        out_ += "{}";
        break;
    }
  }

  void append_text(std::string& out, const std::string& text, std::size_t level,
                   bool is_key) const {
    const StringPlace place = {.indent = kIndent * std::max<std::size_t>(1, level),
                               .is_key = is_key,
                               .is_root = level == 0 || (is_key && level == 1),
                               .quote = quote_};
    if (is_valid_utf8(text)) return append_string(out, text, place);
    append_string(out, to_valid_utf8(text), place);
  }

  std::string out_;
  char quote_;
};

}  // namespace

std::string write(const Value& value, WriteStyle style) {
  return Writer(style).write(value);
}

/// Knows what write_nested() keeps on the stack.
class DocumentWriter::State : public Writer {
 public:
  using Writer::Writer;

  void member(const std::string& key, const Value& value) {
    begin_member(key);
    write_member(value, level_ + 1);
  }
  void begin_list(const std::string& key) {
    begin_member(key);
    ++level_;
  }
  void item(const Value& value) {
    new_line(level_);
    begin_item();
    write_item(value, level_ + 1);
  }
  void begin_map() {
    new_line(level_);
    begin_item();
    ++level_;
    compact_ = true;
  }
  void end() { --level_; }

 private:
  void begin_member(const std::string& key) {
    if (!std::exchange(compact_, false)) new_line(level_);
    write_key(key, level_);
  }

  std::size_t level_ = 0;
  bool compact_ = true;
};

DocumentWriter::DocumentWriter(WriteStyle style) : state_(std::make_unique<State>(style)) {}

DocumentWriter::~DocumentWriter() = default;

void DocumentWriter::member(const std::string& key, const Value& value) {
  state_->member(key, value);
}

void DocumentWriter::members(const Map& map) {
  for (const auto& [key, value] : map)
    state_->member(key, value);
}

void DocumentWriter::begin_list(const std::string& key) {
  state_->begin_list(key);
}

void DocumentWriter::item(const Value& value) {
  state_->item(value);
}

void DocumentWriter::begin_map() {
  state_->begin_map();
}

void DocumentWriter::end_map() {
  state_->end();
}

void DocumentWriter::end_list() {
  state_->end();
}

std::string DocumentWriter::finish() && {
  return std::move(*state_).finish();
}

}  // namespace swamp::yaml
