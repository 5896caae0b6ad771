#include "cel/faults.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/suggest.h"
#include "cel/characters.h"
#include "cel/macros.h"

namespace swamp::cel {

namespace {

std::uint32_t columns_of(std::string_view text) {
  return static_cast<std::uint32_t>(count_characters(text));
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

/// What an expression can begin with, sorted.
std::vector<std::string> root_names(const Scope& scope) {
  std::vector<std::string> names;
  for (const std::string& name : scope.names()) {
    names.push_back(name.substr(0, name.find('.')));
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string near_name(const Failure& failure, const Scope& scope) {
  // Everything is near to a shorter word, and nothing that a person meant is longer.
  constexpr std::size_t kShortest = 3;
  constexpr std::size_t kLongest = 100;
  if (failure.word.size() < kShortest || failure.word.size() > kLongest) return {};
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
    std::string key = key_text(failure.among.key_at(i));
    if (key.size() <= kLongest) keys.push_back(std::move(key));
  }
  return did_you_mean(failure.word, keys);
}

std::string suggestion(const Failure& failure, const Scope& scope) {
  std::string hint = near_name(failure, scope);
  if (!hint.empty() || failure.missing != Failure::Missing::root) return hint;
  const auto known = root_names(scope);
  return known.empty() ? "" : fmt::format("there are {}", fmt::join(known, ", "));
}

bool is_asked(const Scope& scope, const CallSite& site) {
  return !site.full_name.empty() && scope.is_asked_function(site.full_name);
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
  const std::uint32_t column = columns_of(before.substr(line_begin)) + 1;
  const std::string_view covered = text.substr(begin, end > begin ? end - begin : 0);
  const std::uint32_t length = std::max(1U, columns_of(covered.substr(0, covered.find('\n'))));
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

bool is_namespace(const Scope& scope, std::string_view name) {
  const auto names = function_names(scope);
  return std::any_of(names.begin(), names.end(), [&](const std::string& function) {
    return function.size() > name.size() && function.starts_with(name) &&
           function[name.size()] == '.';
  });
}

Failure no_function(const Scope& scope, const CallSite& site) {
  const bool is_qualified = site.has_target && !site.full_name.empty() &&
                            is_namespace(scope, site.full_name.substr(0, site.full_name.find('.')));
  const std::string& name = is_qualified ? site.full_name : site.name;
  return {.error = {.code = ErrorCode::invalid_input,
                    .message = fmt::format("there is no function '{}'", name)},
          .missing = Failure::Missing::function,
          .word = name};
}

namespace {

/// Walks over the operations of a program, none of which is evaluated.
class NameCheck {
 public:
  NameCheck(const Program::Compiled& program, const Scope& scope)
      : program_(program), scope_(scope), is_excused_(program.ops.size(), false) {}

  std::vector<Error> run() && {
    for (const Op& op : program_.ops) {
      if (op.code == OpCode::call) check_call(op);
      if (op.code == OpCode::bare_name) bare_names_.push_back(&op);
    }
    for (std::size_t i = 0; i < program_.ops.size(); ++i) {
      if (program_.ops[i].code == OpCode::path && !is_excused_[i]) check_root(program_.ops[i]);
    }
    std::sort(errors_.begin(), errors_.end(), [](const Error& a, const Error& b) {
      return std::pair(a.where->line, a.where->column) < std::pair(b.where->line, b.where->column);
    });
    return std::move(errors_);
  }

 private:
  void check_call(const Op& op) {
    const CallSite& site = program_.calls[op.a];
    if (site.is_namespaced) return;
    const bool has_namespace = site.has_target && !site.full_name.empty();
    if (is_asked(scope_, site)) {
      // `vault` in `vault.get` need not be a root.
      if (has_namespace) is_excused_[program_.operands[op.first]] = true;
      return;
    }
    if (!site.candidates.empty()) return;
    const std::string root = site.full_name.substr(0, site.full_name.find('.'));
    if (has_namespace && is_namespace(scope_, root)) {
      is_excused_[program_.operands[op.first]] = true;
    } else if (has_namespace && !is_root(scope_, root)) {
      return;  // the root is what will be told
    }
    add(no_function(scope_, site), op);
  }

  void check_root(const Op& op) {
    const std::string& name = program_.roots[op.a];
    std::string dotted = name;
    bool is_known = op.is_local || is_root(scope_, name) || type_named(name) || is_in_bare_name(op);
    for (std::uint32_t step = 0; step < op.steps && !is_known; ++step) {
      dotted += '.' + program_.steps[op.b + step].key.text();
      is_known =
          type_named(dotted) || (program_.dialect == Dialect::strict && is_root(scope_, dotted));
    }
    if (is_known) return;
    add({.error = {.code = ErrorCode::invalid_input,
                   .message = fmt::format("there is no '{}' here", name)},
         .missing = Failure::Missing::root,
         .word = name},
        op);
  }

  /// A bare name of vault.get is a text when no root has the name.
  bool is_in_bare_name(const Op& op) const {
    return std::any_of(bare_names_.begin(), bare_names_.end(), [&](const Op* bare) {
      return bare->from <= op.from && op.from < bare->end;
    });
  }

  void add(Failure failure, const Op& op) {
    failure.begin = op.begin;
    failure.end = op.end;
    errors_.push_back(to_error(program_, scope_, failure));
  }

  const Program::Compiled& program_;
  const Scope& scope_;
  std::vector<bool> is_excused_;
  std::vector<const Op*> bare_names_;
  std::vector<Error> errors_;
};

}  // namespace

std::vector<Error> check_names(const Program::Compiled& program, const Scope& scope) {
  return NameCheck(program, scope).run();
}

}  // namespace swamp::cel
