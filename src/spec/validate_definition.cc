#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/suggest.h"
#include "spec/argument_checks.h"
#include "spec/definition_fields.h"
#include "spec/path_checks.h"
#include "spec/problem.h"
#include "spec/task_checks.h"
#include "spec/validate.h"

namespace swamp::spec {
namespace {

/// `/env/0/name` as `env[0].name`.
std::string dotted(std::string_view pointer) {
  std::string path;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const auto key = pointer.substr(0, pointer.find('/'));
    const bool index =
        !key.empty() && std::all_of(key.begin(), key.end(), [](char c) { return is_digit(c); });
    path += index ? fmt::format("[{}]", key) : fmt::format(".{}", key);
    pointer.remove_prefix(key.size());
  }
  return path;
}

/// The rows of one definition.
class DefinitionValidation {
 public:
  DefinitionValidation(const Definition& definition, const Catalogue& catalogue)
      : definition_(definition), catalogue_(catalogue) {}

  std::vector<Finding> run() {
    const auto type = catalogue_.find_type(definition_.type);
    if (type) type_ = *type;
    add("Definition schema", schema_errors(type));
    add("Global arguments", type_ ? global_errors() : std::vector<Error>());
    add("Method arguments", type_ ? method_errors() : std::vector<Error>());
    add("Expression paths", expression_errors());
    add("Check selection", type_ ? check_errors() : std::vector<Error>());
    if (auto uses = environment_uses(definition_); !uses.empty()) add_environment(uses);
    return std::move(rows_);
  }

 private:
  void add(std::string check, std::vector<Error> errors) {
    rows_.push_back(with_errors({.check = std::move(check)}, std::move(errors)));
  }

  std::vector<Error> schema_errors(const Result<std::shared_ptr<const TypeShape>>& type) const {
    auto errors = definition_.unknown_keys;
    if (!type) {
      errors.push_back(type.error());
      if (!errors.back().where) errors.back().where = definition_.name_where;
    }
    return errors;
  }

  std::vector<Error> global_errors() const {
    const auto& schema = type_->global_arguments;
    auto errors =
        catalogue_.schemas().wrong_values(definition_.global_arguments, schema, "global argument");
    const auto owner = fmt::format("type '{}'", type_->name);
    for (const auto& key : unknown_keys(definition_.global_arguments, {&schema})) {
      errors.push_back(unknown_argument(definition_.global_arguments, key, owner, "global argument",
                                        declared_keys(schema)));
    }
    const auto& where = definition_.global_arguments ? definition_.global_arguments.where()
                                                     : definition_.name_where;
    require(schema, keys_of(definition_.global_arguments), where, owner, "global argument", errors);
    return errors;
  }

  std::vector<Error> method_errors() const {
    std::vector<Error> errors;
    std::vector<std::string> names;
    for (const auto& method : type_->methods)
      names.push_back(method.name);
    for (const auto& method : definition_.methods) {
      const auto* shape = type_->find_method(method.name);
      if (shape) {
        append(errors, argument_errors(method, *shape));
      } else {
        auto hint = did_you_mean(method.name, names);
        if (hint.empty()) hint = fmt::format("its methods are {}", fmt::join(names, ", "));
        errors.push_back(problem(
            method.where, fmt::format("type '{}' has no method '{}'", type_->name, method.name),
            std::move(hint)));
      }
    }
    return errors;
  }

  std::vector<Error> argument_errors(const Definition::Method& method,
                                     const TypeShape::Method& shape) const {
    if (!method.arguments) return {};
    const auto owner = fmt::format("method '{}' of type '{}'", shape.name, type_->name);
    auto errors = catalogue_.schemas().wrong_values(method.arguments, shape.arguments, "argument");
    for (const auto& key : unknown_keys(method.arguments, {&shape.arguments})) {
      errors.push_back(unknown_argument(method.arguments, key, owner, "argument",
                                        declared_keys(shape.arguments)));
    }
    auto given = keys_of(method.arguments);
    const auto globals = keys_of(definition_.global_arguments);
    given.insert(given.end(), globals.begin(), globals.end());
    require(shape.arguments, given, method.where, owner, "argument", errors);
    return errors;
  }

  void require(const Value& schema, const std::vector<std::string>& given, const SourceSpan& where,
               std::string_view owner, std::string_view what, std::vector<Error>& errors) const {
    for (const auto& key : needed_keys(schema)) {
      if (std::find(given.begin(), given.end(), key) != given.end()) continue;
      errors.push_back(problem(where, fmt::format("{} needs the {} '{}'", owner, what, key)));
    }
  }

  std::vector<Error> expression_errors() const {
    const KnownNames names(ExpressionPlace::definition);
    std::vector<Error> errors;
    visit_fields(definition_, [&](const auto&, const Field& field) {
      append(errors, field.check_syntax());
      append(errors, field.check_names(names));
      visit_expressions(field, [&](const FoundExpression& found) {
        for (const auto& path : found.references->paths) {
          if (path.front() == "model") append(errors, model_path_errors(path, found, catalogue_));
          if (path.front() == "self") append(errors, self_path_errors(path, found));
        }
      });
    });
    return errors;
  }

  std::vector<Error> check_errors() const {
    std::vector<Error> errors;
    for (const auto* list : {&definition_.checks.require, &definition_.checks.skip}) {
      for (const auto& name : *list) {
        if (std::find(type_->checks.begin(), type_->checks.end(), name) != type_->checks.end())
          continue;
        errors.push_back(problem(definition_.checks.where,
                                 fmt::format("type '{}' has no check '{}'", type_->name, name),
                                 did_you_mean(name, type_->checks)));
      }
    }
    return errors;
  }

  void add_environment(const std::vector<EnvironmentUse>& uses) {
    std::vector<std::string> parts;
    for (const auto& use : uses)
      parts.push_back(fmt::format("{} at {}", use.variable, use.path));
    rows_.push_back({.check = "Environment variables",
                     .warning = true,
                     .error = problem(definition_.name_where,
                                      fmt::format("what it does depends on the environment: {}",
                                                  fmt::join(parts, ", ")))});
  }

  const Definition& definition_;
  CachedCatalogue catalogue_;
  std::shared_ptr<const TypeShape> type_;
  std::vector<Finding> rows_;
};

}  // namespace

std::vector<EnvironmentUse> environment_uses(const Definition& definition) {
  std::vector<EnvironmentUse> uses;
  visit_fields(definition, [&](const auto& keys, const Field& field) {
    for (std::size_t i = 0; i < field.expressions().size(); ++i) {
      const auto& text = field.compiled(i);
      if (!text) continue;
      for (const auto& words : text->references().paths) {
        if (words.size() < 2 || words[0] != "env") continue;
        uses.push_back({.path = fmt::format("{}{}", fmt::join(keys, "."),
                                            dotted(field.expressions()[i].pointer)),
                        .variable = words[1]});
      }
    }
  });
  return uses;
}

std::vector<Finding> validate_definition(const Definition& definition, const Catalogue& catalogue) {
  return DefinitionValidation(definition, catalogue).run();
}

}  // namespace swamp::spec
