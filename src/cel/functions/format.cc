#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "cel/functions/function.h"
#include "cel/secret_pieces.h"
#include "cel/time.h"
#include "value/json.h"

namespace swamp::cel {

namespace {

constexpr int kDefaultPrecision = 6;
constexpr int kMostPrecision = 1000;

/// Numbers that have no digits.
std::optional<std::string> not_finite(const Datum& value) {
  if (!value.is(Kind::real) || std::isfinite(value.as_real())) return std::nullopt;
  if (std::isnan(value.as_real())) return "NaN";
  return value.as_real() > 0 ? "Infinity" : "-Infinity";
}

/// Fills in one text. The format is that of the strings extension of CEL.
class Formatter {
 public:
  explicit Formatter(Call& call) : call_(call), format_(call.text(0)) {}

  Datum run() {
    std::size_t next = 0;
    for (std::size_t at = 0; at < format_.size();) {
      if (format_[at] != '%') {
        out_ += format_[at++];
      } else if (format_.substr(at, 2) == "%%") {
        out_ += '%';
        at += 2;
      } else {
        const std::size_t end = clause_end(at);
        if (end > format_.size())
          return Datum::failure("the clause at the end of the format is not complete");
        if (next >= call_[1].size()) {
          return Datum::failure(
              fmt::format("the format has more clauses than the {} arguments", call_[1].size()));
        }
        const std::size_t begin = out_.size();
        const Datum value = call_[1].at(next++);
        if (!clause(format_.substr(at + 1, end - at - 1), value)) return Datum::failure(problem_);
        secrets_.add(begin, out_.size() - begin, origin_of(value, format_[end - 1]));
        at = end;
      }
      if (!call_.charge(0)) break;
    }
    if (call_[0].origin() != nullptr) return call_.string(std::move(out_));
    return Datum::string(std::move(out_), secrets_.origin());
  }

 private:
  /// What is secret in the text that a value becomes: the text itself keeps its secret places.
  std::shared_ptr<const SecretOrigin> origin_of(const Datum& value, char verb) const {
    if (value.is(Kind::string) && verb == 's') return value.origin();
    return derived(secret_in(value, call_.meter));
  }

  std::size_t clause_end(std::size_t at) const {
    std::size_t end = at + 1;
    while (end < format_.size() &&
           (format_[end] == '.' || (format_[end] >= '0' && format_[end] <= '9'))) {
      ++end;
    }
    return end + 1;
  }

  bool fail(std::string problem) {
    problem_ = std::move(problem);
    return false;
  }
  bool unfit(char verb, std::string_view wanted, const Datum& value) {
    return fail(fmt::format("'%{}' takes {}, not {}", verb, wanted, to_string(value.kind())));
  }
  bool put(std::string_view text) {
    call_.charge(text.size() / 16);
    out_ += text;
    return true;
  }

  bool clause(std::string_view clause, const Datum& value) {
    const char verb = clause.back();
    int precision = kDefaultPrecision;
    if (clause.size() > 1) {
      const bool takes_precision = verb == 'f' || verb == 'e';
      if (clause[0] != '.' || !takes_precision || clause.size() > 8)
        return fail(fmt::format("there is no clause '%{}'", clause));
      precision =
          clause.size() == 2 ? 0 : std::stoi(std::string(clause.substr(1, clause.size() - 2)));
      if (precision > kMostPrecision)
        return fail(fmt::format("more than {} digits cannot be asked for", kMostPrecision));
    }
    switch (verb) {
      case 's':
        return text(value);
      case 'd':
        return decimal(value);
      case 'f':
      case 'e':
        return real(verb, precision, value);
      case 'b':
      case 'o':
      case 'x':
      case 'X':
        return based(verb, value);
      default:
        return fail(fmt::format("there is no clause '%{}'", clause));
    }
  }

  bool text(const Datum& value) {
    if (!call_.charge(1)) return true;
    switch (value.kind()) {
      case Kind::string:
      case Kind::bytes:
        return put(value.text());
      case Kind::real:
        return put(not_finite(value).value_or(number_to_string(value.as_real())));
      case Kind::list:
        return list(value);
      case Kind::map:
        return map(value);
      case Kind::optional:
        if (value.has_value()) return text(value.optional_value());
        return put("optional.none()");
      default:
        return put(key_text(value));
    }
  }

  bool list(const Datum& value) {
    put("[");
    for (std::size_t i = 0; i < value.size() && call_.charge(1); ++i) {
      if (i > 0) put(", ");
      if (!text(value.at(i))) return false;
    }
    return put("]");
  }

  /// Entries in the order of their keys as text.
  bool map(const Datum& value) {
    if (!call_.charge(value.size())) return true;
    std::vector<std::pair<std::string, std::size_t>> order;
    for (std::size_t i = 0; i < value.size(); ++i) {
      order.emplace_back(key_text(value.key_at(i)), i);
    }
    std::sort(order.begin(), order.end());
    put("{");
    for (std::size_t i = 0; i < order.size(); ++i) {
      put(i > 0 ? ", " : "");
      put(order[i].first);
      put(": ");
      if (!text(value.value_at(order[i].second))) return false;
    }
    return put("}");
  }

  bool decimal(const Datum& value) {
    if (value.is(Kind::integer) || value.is(Kind::number) || value.is(Kind::unsigned_integer))
      return put(key_text(value));
    if (auto name = not_finite(value)) return put(*name);
    const bool is_whole = value.is(Kind::real) && std::trunc(value.as_real()) == value.as_real();
    if (is_whole && call_.dialect == Dialect::swamp)
      return put(fmt::format("{:.0f}", value.as_real()));
    return unfit('d', "whole numbers", value);
  }

  bool real(char verb, int precision, const Datum& value) {
    if (!value.is_numeric()) return unfit(verb, "numbers", value);
    if (auto name = not_finite(value)) return put(*name);
    return put(verb == 'f' ? fmt::format("{:.{}f}", value.to_double(), precision)
                           : fmt::format("{:.{}e}", value.to_double(), precision));
  }

  template <class Number>
  static std::string digits(char verb, Number number) {
    switch (verb) {
      case 'b':
        return fmt::format("{:b}", number);
      case 'o':
        return fmt::format("{:o}", number);
      case 'x':
        return fmt::format("{:x}", number);
      default:
        return fmt::format("{:X}", number);
    }
  }

  bool based(char verb, const Datum& value) {
    if (value.is(Kind::integer) || value.is(Kind::number)) return put(digits(verb, value.as_int()));
    if (value.is(Kind::unsigned_integer)) return put(digits(verb, value.as_uint()));
    if (value.is(Kind::boolean) && verb == 'b') return put(value.as_bool() ? "1" : "0");
    const bool has_octets = value.is(Kind::string) || value.is(Kind::bytes);
    if (!has_octets || (verb != 'x' && verb != 'X')) return unfit(verb, "whole numbers", value);
    for (const char c : value.text()) {
      const auto octet = static_cast<unsigned char>(c);
      out_ += verb == 'x' ? fmt::format("{:02x}", octet) : fmt::format("{:02X}", octet);
    }
    call_.charge(value.text().size() / 8);
    return true;
  }

  Call& call_;
  std::string_view format_;
  std::string out_;
  SecretPieces secrets_;
  std::string problem_;
};

Datum format(Call& call) {
  return Formatter(call).run();
}

constexpr Function kFormatFunctions[] = {
    {.name = "format",
     .type = "string.(list) -> string",
     .doc = "the text with its clauses filled in: %s anything, %d whole numbers, %.2f %.2e "
            "numbers, %b %o %x %X digits of "
            "another base, %% a percent sign",
     .example = "'%s has %d, %.1f on average'.format(['a', 3, 1.25]) == 'a has 3, 1.2 on average'",
     .call = format},
};

}  // namespace

std::span<const Function> format_functions() {
  return kFormatFunctions;
}

}  // namespace swamp::cel
