#include "cel/vectors.h"

#include <charconv>
#include <cmath>
#include <filesystem>
#include <optional>

#include <fmt/format.h>

#include "base/base64.h"
#include "cel/compiled.h"
#include "cel/evaluator.h"
#include "cel/faults.h"
#include "value/json.h"

namespace swamp::cel {

namespace {

Error malformed(std::string what) {
  return {.code = ErrorCode::invalid_input,
          .message = "not a file of test vectors: " + std::move(what)};
}

template <class Number>
std::optional<Number> number_of(const Value& text) {
  if (!text.is_string()) return std::nullopt;
  const std::string& digits = text.as_string();
  Number number{};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

std::optional<Datum> typed(const Value& value);

std::optional<Datum> typed_list(const Value& items) {
  if (!items.is_list()) return std::nullopt;
  Items list;
  for (const Value& item : items.as_list()) {
    auto element = typed(item);
    if (!element) return std::nullopt;
    list.push_back(*std::move(element));
  }
  return Datum::list(std::move(list));
}

std::optional<Datum> typed_map(const Value& entries) {
  if (!entries.is_list()) return std::nullopt;
  MapBuilder map;
  for (const Value& entry : entries.as_list()) {
    if (!entry.is_list() || entry.as_list().size() != 2) return std::nullopt;
    auto key = typed(entry.as_list()[0]);
    auto value = typed(entry.as_list()[1]);
    if (!key || !value) return std::nullopt;
    map.set(*std::move(key), *std::move(value));
  }
  return std::move(map).finish();
}

std::optional<Datum> typed_type(const Value& name) {
  if (!name.is_string()) return std::nullopt;
  const auto type = type_named(name.as_string());
  return type ? std::optional(Datum::type(*type)) : std::nullopt;
}

/// {"seconds": "123", "nanos": 5}
std::optional<Datum> typed_time(const std::string& kind, const Value& parts) {
  const auto seconds = number_of<std::int64_t>(parts["seconds"]);
  const std::int64_t nanos = parts["nanos"].is_integer() ? parts["nanos"].as_int() : 0;
  if (!seconds) return std::nullopt;
  if (kind == "duration") return Datum::duration(*seconds * 1'000'000'000 + nanos);
  return Datum::timestamp({.seconds = *seconds, .nanos = static_cast<std::int32_t>(nanos)});
}

/// The datum that {"int": "5"} and its like stand for.
std::optional<Datum> typed(const Value& value) {
  if (!value.is_map() || value.as_map().size() != 1) return std::nullopt;
  const auto& [kind, content] = *value.as_map().begin();
  if (kind == "null") return Datum();
  if (kind == "bool" && content.is_bool()) return Datum::boolean(content.as_bool());
  if (kind == "string" && content.is_string()) return Datum::string(content.as_string());
  if (kind == "list") return typed_list(content);
  if (kind == "map") return typed_map(content);
  if (kind == "type") return typed_type(content);
  if (kind == "duration" || kind == "timestamp") return typed_time(kind, content);
  if (kind == "int") {
    if (const auto number = number_of<std::int64_t>(content)) return Datum::integer(*number);
  } else if (kind == "uint") {
    if (const auto number = number_of<std::uint64_t>(content))
      return Datum::unsigned_integer(*number);
  } else if (kind == "double") {
    if (const auto number = number_of<double>(content)) return Datum::real(*number);
  } else if (kind == "bytes" && content.is_string()) {
    if (auto octets = base64_decode(content.as_string())) return Datum::bytes(*std::move(octets));
  }
  return std::nullopt;
}

/// Equal in kind and content; NaN is NaN, and the sign of a zero counts.
bool same(const Datum& a, const Datum& b) {
  if (a.kind() != b.kind()) return false;
  if (a.is(Kind::real)) {
    if (std::isnan(a.as_real()) || std::isnan(b.as_real()))
      return std::isnan(a.as_real()) && std::isnan(b.as_real());
    return a.as_real() == b.as_real() && std::signbit(a.as_real()) == std::signbit(b.as_real());
  }
  if (!a.is(Kind::list) && !a.is(Kind::map)) {
    Meter free(UINT64_MAX);
    return equal(a, b, free);
  }
  if (a.size() != b.size()) return false;
  Datum other;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const bool is_same = a.is(Kind::list)
                             ? same(a.at(i), b.at(i))
                             : b.find(a.key_at(i), other) && same(a.value_at(i), other);
    if (!is_same) return false;
  }
  return true;
}

std::string shown(const Datum& datum) {
  Meter free(UINT64_MAX);
  auto value = to_value(datum, free);
  return fmt::format("{} {}", to_string(datum.kind()), value ? write_json(*value) : "?");
}

std::string text_at(const Value& vector, std::string_view key) {
  return vector[key].is_string() ? vector[key].as_string() : std::string();
}

/// One vector of the strict form: nothing when it comes out right.
Result<std::optional<std::string>> run_strict(const Value& vector) {
  const bool wants_error = vector["value"].is_null();
  std::vector<std::pair<std::string, Datum>> bindings;
  if (vector["bindings"].is_map()) {
    for (const auto& [name, value] : vector["bindings"].as_map()) {
      auto datum = typed(value);
      if (!datum) return fail(malformed(fmt::format("the binding '{}' is no typed value", name)));
      bindings.emplace_back(name, *std::move(datum));
    }
  }
  std::optional<Datum> wanted;
  if (!wants_error && !(wanted = typed(vector["value"])))
    return fail(malformed("a value is no typed value"));

  const auto compiled = compile(text_at(vector, "expr"), Dialect::strict, nullptr);
  if (!compiled)
    return wants_error ? std::nullopt
                       : std::optional("does not compile: " + compiled.error().message);
  const PlainScope scope{Map()};
  const Answers answers;
  Meter meter(Limits().cost);
  Evaluator evaluator(**compiled, scope, answers, meter);
  for (const auto& [name, datum] : bindings) {
    evaluator.bind(name, datum);
  }
  const Datum result = evaluator.run();
  if (result.is(Kind::failure)) {
    if (wants_error) return std::nullopt;
    return std::optional(fmt::format("expected {}, got the error: {}", shown(*wanted),
                                     result.as_failure().error.message));
  }
  if (wants_error) return std::optional("expected an error, got " + shown(result));
  if (same(result, *wanted)) return std::nullopt;
  return std::optional(fmt::format("expected {}, got {}", shown(*wanted), shown(result)));
}

std::optional<std::string> run_dialect(const Value& vector, const Scope& scope) {
  const bool wants_error = vector.as_map().contains("error");
  auto program = Program::compile(text_at(vector, "expr"), Dialect::swamp);
  if (!program)
    return wants_error ? std::nullopt
                       : std::optional("does not compile: " + program.error().message);
  auto outcome = program->evaluate(scope, Answers());
  if (!outcome) {
    if (wants_error) return std::nullopt;
    return fmt::format("expected {}, got the error: {}", write_json(vector["value"]),
                       outcome.error().message);
  }
  const Value& value = std::get<Value>(*outcome);
  if (!wants_error && value == vector["value"]) return std::nullopt;
  return fmt::format("expected {}, got {}", wants_error ? "an error" : write_json(vector["value"]),
                     write_json(value));
}

Result<VectorReport> run_strict_file(const List& vectors, const std::string& file) {
  VectorReport report;
  for (const Value& vector : vectors) {
    if (!vector.is_map() || !vector["expr"].is_string())
      return fail(malformed("a vector has no 'expr'"));
    SWAMP_TRY(auto message, run_strict(vector));
    if (message) {
      report.failures.push_back({.name = fmt::format("{}/{}/{}", file, text_at(vector, "section"),
                                                     text_at(vector, "name")),
                                 .expression = text_at(vector, "expr"),
                                 .message = *std::move(message)});
    } else {
      ++report.passed;
    }
  }
  return report;
}

Result<VectorReport> run_dialect_file(const Value& document) {
  if (!document["context"].is_map() || !document["vectors"].is_list()) {
    return fail(malformed("there is no 'context' or no 'vectors'"));
  }
  const PlainScope scope(document["context"].as_map());
  VectorReport report;
  for (const Value& vector : document["vectors"].as_list()) {
    if (!vector.is_map() || !vector["expr"].is_string())
      return fail(malformed("a vector has no 'expr'"));
    if (auto message = run_dialect(vector, scope)) {
      const std::string expression = text_at(vector, "expr");
      report.failures.push_back(
          {.name = expression, .expression = expression, .message = *std::move(message)});
    } else {
      ++report.passed;
    }
  }
  return report;
}

}  // namespace

Result<VectorReport> run_vectors(const SourceText& file) {
  SWAMP_TRY(const Value document, parse_json(file.text, file.name));
  if (document.is_list()) {
    return run_strict_file(document.as_list(), std::filesystem::path(file.name).stem().string());
  }
  return run_dialect_file(document);
}

}  // namespace swamp::cel
