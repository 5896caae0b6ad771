#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "cel/datum.h"

namespace swamp::cel {

/// A set of kinds, one bit each.
using Kinds = std::uint32_t;
constexpr Kinds kinds_of(Kind kind) {
  return Kinds{1} << static_cast<unsigned>(kind);
}
inline constexpr Kinds kAnyKind = kinds_of(Kind::failure) - 1;

/// What a function takes, as it is written in its row: `string.(int, int) -> string`,
/// `(int|uint|double...) -> int`. Before the dot stands the receiver's kind. `dyn` is any kind,
/// `...` behind the last means any number of them. A whole number from data goes in as an int or
/// else as a double, unless `number` is named.
class Signature {
 public:
  static constexpr std::size_t kMost = 5;

  // NOLINTNEXTLINE(google-explicit-constructor)
  consteval Signature(const char* type) : text_(type) { read(); }
  consteval Signature() = default;

  constexpr std::string_view text() const { return text_; }
  constexpr bool has_receiver() const { return has_receiver_; }
  /// The receiver counts as the first.
  constexpr std::size_t count() const { return count_; }
  constexpr bool is_variadic() const { return is_variadic_; }
  constexpr bool takes_count(std::size_t count) const {
    return is_variadic_ ? count >= count_ : count == count_;
  }
  constexpr Kinds parameter(std::size_t at) const {
    return parameters_[at < count_ ? at : count_ - 1];
  }

 private:
  consteval void read();
  static constexpr Kinds kind_named(std::string_view name);

  std::string_view text_;
  std::array<Kinds, kMost> parameters_ = {};
  std::size_t count_ = 0;
  bool has_receiver_ = false;
  bool is_variadic_ = false;
};

/// One call of a function, its arguments fitting the signature; the receiver comes first.
struct Call {
  std::span<Datum> arguments;
  Dialect dialect = Dialect::swamp;
  Meter& meter;
  const void* prepared = nullptr;  // what Function::prepare made of a constant second argument

  const Datum& operator[](std::size_t at) const { return arguments[at]; }
  std::size_t size() const { return arguments.size(); }
  const std::string& text(std::size_t at) const { return arguments[at].text(); }

  /// Takes from the meter; false when it is empty. The evaluator then ends with that, whatever the
  /// call returns.
  bool charge(std::uint64_t units) const { return meter.charge(units); }

  /// A string computed from the arguments: secret when one of them is, or holds, a secret.
  Datum string(std::string text) const;
  Datum bytes(std::string octets) const;
  /// The origin of what is computed from the arguments; null when none is secret.
  std::shared_ptr<const SecretOrigin> origin() const;
};

/// A row of a function table.
struct Function {
  std::string_view name;  // with its namespace: `math.abs`
  Signature type = {};
  std::string_view doc = {};
  std::string_view example = {};  // evaluates to true, in both dialects unless only_swamp
  Datum (*call)(Call& call) = nullptr;
  bool only_swamp = false;  // not in strict CEL
  bool tells_secrets =
      false;  // a number, instant or the like would carry on what was secret: refused
  /// Makes of the constant second argument what every call can use; null when it cannot.
  std::shared_ptr<const void> (*prepare)(const std::string& constant) = nullptr;
};

/// Every function, family by family. Rows of one name stand together within a family.
std::span<const std::span<const Function>> function_families();

/// The rows of that name, in order. Linear; asked once per call that is compiled.
std::vector<const Function*> functions_named(std::string_view name);

// The families.
std::span<const Function> conversion_functions();
std::span<const Function> text_functions();
std::span<const Function> format_functions();
std::span<const Function> bytes_functions();
std::span<const Function> list_functions();
std::span<const Function> set_functions();
std::span<const Function> math_functions();
std::span<const Function> time_functions();
std::span<const Function> optional_functions();
std::span<const Function> network_functions();
std::span<const Function> regex_functions();

constexpr Kinds Signature::kind_named(std::string_view name) {
  struct Named {
    std::string_view name;
    Kinds kinds;
  };
  constexpr Named kNames[] = {
      {"dyn", kAnyKind},
      {"null", kinds_of(Kind::null)},
      {"bool", kinds_of(Kind::boolean)},
      {"int", kinds_of(Kind::integer)},
      {"uint", kinds_of(Kind::unsigned_integer)},
      {"number", kinds_of(Kind::number)},
      {"double", kinds_of(Kind::real)},
      {"timestamp", kinds_of(Kind::timestamp)},
      {"duration", kinds_of(Kind::duration)},
      {"type", kinds_of(Kind::type)},
      {"string", kinds_of(Kind::string)},
      {"bytes", kinds_of(Kind::bytes)},
      {"list", kinds_of(Kind::list)},
      {"map", kinds_of(Kind::map)},
      {"optional", kinds_of(Kind::optional)},
      {"ip", kinds_of(Kind::ip)},
      {"cidr", kinds_of(Kind::cidr)},
  };
  for (const Named& named : kNames) {
    if (named.name == name) return named.kinds;
  }
  throw "no such kind";  // a compile error: the row names a kind that is none
}

consteval void Signature::read() {
  std::string_view rest = text_.substr(0, text_.find(" ->"));
  const std::size_t open = rest.find('(');
  std::string_view receiver = rest.substr(0, open);
  std::string_view inside = rest.substr(open + 1, rest.size() - open - 2);
  const auto add = [&](std::string_view names) {
    Kinds kinds = 0;
    while (!names.empty()) {
      const std::size_t bar = names.find('|');
      kinds |= kind_named(names.substr(0, bar));
      names = bar == std::string_view::npos ? std::string_view() : names.substr(bar + 1);
    }
    parameters_[count_++] = kinds;
  };
  if (!receiver.empty()) {
    has_receiver_ = true;
    add(receiver.substr(0, receiver.size() - 1));
  }
  while (!inside.empty()) {
    const std::size_t comma = inside.find(", ");
    std::string_view one = inside.substr(0, comma);
    if (one.size() > 3 && one.substr(one.size() - 3) == "...") {
      is_variadic_ = true;
      one = one.substr(0, one.size() - 3);
    }
    add(one);
    inside = comma == std::string_view::npos ? std::string_view() : inside.substr(comma + 2);
  }
}

}  // namespace swamp::cel
