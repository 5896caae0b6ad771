#include "cel/faults.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/suggest.h"
#include "cel/macros.h"

namespace swamp::cel {

namespace {

std::uint32_t count_characters(std::string_view text) {
  return static_cast<std::uint32_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

/// Names of functions that an expression may call, without what stands before the dot for those
/// that want a value.
std::vector<std::string> function_names(const Scope& scope) {
  std::vector<std::string> names = scope.names();
  for (const auto family : function_families()) {
    for (const Function& function : family) {
      names.emplace_back(function.name);
    }
  }
  for (const MacroForm& macro : macro_forms()) {
    names.emplace_back(macro.name);
  }
  return names;
}

std::vector<std::string> root_names(const Scope& scope) {
  std::vector<std::string> names;
  for (const std::string& name : scope.names()) {
    names.push_back(name.substr(0, name.find('.')));
  }
  return names;
}

std::string suggestion(const Failure& failure, const Scope& scope) {
  switch (failure.missing) {
    case Failure::Missing::nothing:
      return {};
    case Failure::Missing::root:
      return did_you_mean(failure.word, root_names(scope));
    case Failure::Missing::function:
      return did_you_mean(failure.word, function_names(scope));
    case Failure::Missing::key:
      break;
  }
  constexpr std::size_t kMostKeys = 1000;
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < std::min(failure.among.size(), kMostKeys); ++i) {
    keys.push_back(key_text(failure.among.key_at(i)));
  }
  return did_you_mean(failure.word, keys);
}

Error missing(const Program::Compiled& program, const Scope& scope, Failure failure, const Op& op) {
  failure.has_place = true;
  failure.begin = op.begin;
  failure.end = op.end;
  return to_error(program, scope, failure);
}

bool is_root(const Scope& scope, const std::string& name) {
  return scope.find_root(name) != nullptr || scope.asked_root_depth(name) > 0;
}

}  // namespace

SourceSpan place_of(std::string_view text, const SourceSpan* where, std::uint32_t begin,
                    std::uint32_t end) {
  const std::string_view before = text.substr(0, begin);
  const auto line = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n') + 1);
  const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  const std::uint32_t column = count_characters(before.substr(line_begin)) + 1;
  const std::string_view covered = text.substr(begin, end > begin ? end - begin : 0);
  const std::uint32_t length =
      std::max(1U, count_characters(covered.substr(0, covered.find('\n'))));
  if (where != nullptr) return within(*where, line, column, length);
  return {.source = std::make_shared<SourceText>(
              SourceText{.name = "<expression>", .text = std::string(text)}),
          .line = line,
          .column = column,
          .length = length};
}

SourceSpan place_of(const Program::Compiled& program, std::uint32_t begin, std::uint32_t end) {
  return place_of(program.text, program.where ? &*program.where : nullptr, begin, end);
}

Error to_error(const Program::Compiled& program, const Scope& scope, const Failure& failure) {
  Error error = failure.error;
  if (!error.where) error.where = place_of(program, failure.begin, failure.end);
  if (error.hint.empty()) error.hint = suggestion(failure, scope);
  return error;
}

std::vector<Error> check_names(const Program::Compiled& program, const Scope& scope) {
  std::vector<Error> errors;
  std::vector<bool> is_namespace(program.ops.size(),
                                 false);  // names that only stand before an asked function
  for (const Op& op : program.ops) {
    if (op.code != OpCode::call) continue;
    const CallSite& site = program.calls[op.a];
    if (site.is_namespaced) continue;
    const bool is_asked = !site.full_name.empty() && scope.is_asked_function(site.full_name);
    if (is_asked && site.has_target) is_namespace[program.operands[op.first]] = true;
    if (is_asked || !site.candidates.empty()) continue;
    const bool is_unknown_root =
        site.has_target && !site.full_name.empty() &&
        !is_root(scope, site.full_name.substr(0, site.full_name.find('.')));
    const bool is_namespace_of_scope = is_unknown_root && [&] {
      const auto names = root_names(scope);
      return std::find(names.begin(), names.end(),
                       site.full_name.substr(0, site.full_name.find('.'))) != names.end();
    }();
    if (is_unknown_root && !is_namespace_of_scope) continue;  // the name is reported
    if (is_namespace_of_scope) is_namespace[program.operands[op.first]] = true;
    Failure failure{
        .error = {.code = ErrorCode::invalid_input,
                  .message = fmt::format("there is no function '{}'",
                                         is_namespace_of_scope ? site.full_name : site.name)},
        .missing = Failure::Missing::function,
        .word = is_namespace_of_scope ? site.full_name : site.name};
    errors.push_back(missing(program, scope, std::move(failure), op));
  }
  const auto is_in_bare_name = [&](const Op& op) {
    return std::any_of(program.ops.begin(), program.ops.end(), [&](const Op& bare) {
      return bare.code == OpCode::bare_name && bare.from <= op.from && op.from < bare.end;
    });
  };
  for (std::size_t i = 0; i < program.ops.size(); ++i) {
    const Op& op = program.ops[i];
    if (op.code != OpCode::path || op.is_local || is_namespace[i] || is_in_bare_name(op)) continue;
    const std::string& name = program.roots[op.a];
    std::string dotted = name;
    bool is_known = is_root(scope, name) || type_named(name);
    for (std::uint32_t step = 0; step < op.steps && !is_known; ++step) {
      dotted += '.' + program.steps[op.b + step].key.text();
      is_known =
          type_named(dotted) || (program.dialect == Dialect::strict && is_root(scope, dotted));
    }
    if (is_known) continue;
    Failure failure{.error = {.code = ErrorCode::invalid_input,
                              .message = fmt::format("there is no '{}' here", name)},
                    .missing = Failure::Missing::root,
                    .word = name};
    errors.push_back(missing(program, scope, std::move(failure), op));
  }
  std::sort(errors.begin(), errors.end(), [](const Error& a, const Error& b) {
    return std::pair(a.where->line, a.where->column) < std::pair(b.where->line, b.where->column);
  });
  return errors;
}

}  // namespace swamp::cel
