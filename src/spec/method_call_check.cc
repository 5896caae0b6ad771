#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/suggest.h"
#include "spec/argument_checks.h"
#include "spec/problem.h"
#include "spec/task_checks.h"

namespace swamp::spec {
namespace {

/// An error of the catalogue, at the place that made us ask.
Error placed(Error error, const SourceSpan& where) {
  if (!error.where) error.where = where;
  return error;
}

std::vector<std::string> joined(std::vector<std::string> names,
                                const std::vector<std::string>& more) {
  names.insert(names.end(), more.begin(), more.end());
  return names;
}

/// A field whose keys are known only when it is evaluated.
bool is_open(const Field& field) {
  return field.value().is_string();
}

/// The checks of one `model_method` step. Each finds what is missing before it looks further.
class MethodCallCheck {
 public:
  MethodCallCheck(const Job& job, const Step& step, const ModelMethodTask& task,
                  const CachedCatalogue& catalogue)
      : task_(task), catalogue_(catalogue) {
    const auto& model = task.model        ? task.model
                        : task.model_name ? task.model_name
                                          : task.model_type;
    row_.check = fmt::format("Step inputs for '{}' in job '{}' ({}.{})", step.name.text(), job.name,
                             model.text(), task.method.text());
    row_.refuses_run = true;
  }

  Finding run() {
    if (task_.model) {
      check_definition_call();
    } else {
      check_type_call();
    }
    if (!errors_.empty()) {
      row_.passed = false;
      row_.error = combine(std::move(errors_));
    } else if (!warnings_.empty()) {
      row_.warning = true;
      row_.error = combine(std::move(warnings_));
    }
    return std::move(row_);
  }

 private:
  void check_definition_call() {
    if (task_.model.has_expressions()) return;
    const auto& name = task_.model.text();
    auto found = catalogue_.find_definition(name);
    if (!found && found.error().code == ErrorCode::not_found) {
      // An earlier step may make it, so this is no reason to refuse.
      row_.check += " (model not found)";
      warnings_.push_back(problem(task_.model.where(), fmt::format("there is no model '{}'", name),
                                  did_you_mean(name, catalogue_.definition_names())));
    } else if (!found) {
      errors_.push_back(placed(found.error(), task_.model.where()));
    } else {
      definition_ = *found;
      if (find_type(definition_->type, task_.model.where()) && find_method())
        check_definition_inputs();
    }
  }

  void check_type_call() {
    if (task_.model_type.has_expressions()) return;
    auto name = TypeName::parse(task_.model_type.text());
    if (!name) {
      errors_.push_back(placed(name.error(), task_.model_type.where()));
      return;
    }
    if (!find_type(*name, task_.model_type.where()) || !find_method()) return;
    if (task_.model_name && !task_.model_name.has_expressions()) find_named_instance(*name);
    if (task_.model_name && !task_.global_args) {
      check_routed_inputs();
    } else {
      check_separate_inputs();
    }
  }

  bool find_type(const TypeName& name, const SourceSpan& where) {
    auto found = catalogue_.find_type(name);
    if (found) {
      type_ = *found;
    } else {
      errors_.push_back(placed(found.error(), where));
    }
    return found.has_value();
  }

  bool find_method() {
    if (task_.method.has_expressions()) return false;
    method_ = type_->find_method(task_.method.text());
    if (method_) return true;
    std::vector<std::string> names;
    for (const auto& method : type_->methods)
      names.push_back(method.name);
    auto hint = did_you_mean(task_.method.text(), names);
    if (hint.empty()) hint = fmt::format("its methods are {}", fmt::join(names, ", "));
    errors_.push_back(problem(
        task_.method.where(),
        fmt::format("type '{}' has no method '{}'", type_->name, task_.method.text()), hint));
    return false;
  }

  /// With `modelName` a definition of that name is used when there is one; it must be of this type.
  void find_named_instance(const TypeName& type) {
    auto found = catalogue_.find_definition(task_.model_name.text());
    if (!found) return;
    definition_ = *found;
    if (definition_->type == type) return;
    errors_.push_back(problem(task_.model_name.where(),
                              fmt::format("model '{}' is of type '{}', not '{}'", definition_->name,
                                          definition_->type.normalized, type.normalized),
                              "choose another name, or leave 'modelName' out"));
  }

  std::string owner() const {
    return fmt::format("method '{}' of type '{}'", method_->name, type_->name);
  }

  void check_definition_inputs() {
    append(errors_,
           catalogue_.schemas().wrong_values(task_.inputs, definition_->inputs.schema(), "input"));
    require_arguments();
    const auto known =
        joined(joined(definition_->inputs.names(), declared_keys(method_->arguments)),
               mentioned_inputs(*definition_, method_->name));
    for (const auto& key : unknown_keys(task_.inputs, {&method_->arguments})) {
      if (std::find(known.begin(), known.end(), key) != known.end()) continue;
      warnings_.push_back(problem(task_.inputs.where(pointer_to({}, key)),
                                  fmt::format("neither model '{}' nor {} has an input '{}'",
                                              definition_->name, owner(), key),
                                  did_you_mean(key, known)));
    }
  }

  /// Without `modelName`, or with `globalArgs`: globals and arguments are given apart.
  void check_separate_inputs() {
    const auto globals = declared_keys(type_->global_arguments);
    for (const auto& key : unknown_keys(task_.global_args, {&type_->global_arguments})) {
      errors_.push_back(unknown_argument(task_.global_args, key,
                                         fmt::format("type '{}'", type_->name), "global argument",
                                         globals));
    }
    for (const auto& key : unknown_keys(task_.inputs, {&method_->arguments})) {
      auto error = unknown_argument(task_.inputs, key, owner(), "argument",
                                    declared_keys(method_->arguments));
      if (std::find(globals.begin(), globals.end(), key) != globals.end()) {
        error.hint = fmt::format("it is a global argument: write 'globalArgs: {{{}: …}}'", key);
      }
      errors_.push_back(std::move(error));
    }
    append(errors_, catalogue_.schemas().wrong_values(task_.global_args, type_->global_arguments,
                                                      "global argument"));
    append(errors_,
           catalogue_.schemas().wrong_values(task_.inputs, method_->arguments, "argument"));
    require_arguments();
    if (!definition_) require_globals();
  }

  /// With `modelName` alone each input goes to the method that knows it, else to the globals.
  void check_routed_inputs() {
    const std::vector<const Value*> schemas{&method_->arguments, &type_->global_arguments};
    for (const auto& key : unknown_keys(task_.inputs, schemas)) {
      errors_.push_back(unknown_argument(
          task_.inputs, key, owner(), "input",
          joined(declared_keys(method_->arguments), declared_keys(type_->global_arguments))));
    }
    append(errors_,
           catalogue_.schemas().wrong_values(task_.inputs, method_->arguments, "argument"));
    require_arguments();
  }

  void require_arguments() {
    if (is_open(task_.inputs) || is_open(task_.global_args)) return;
    auto given = joined(keys_of(task_.inputs), keys_of(task_.global_args));
    if (definition_) {
      given = joined(std::move(given), keys_of(definition_->arguments_of(method_->name)));
      given = joined(std::move(given), keys_of(definition_->global_arguments));
    }
    require(method_->arguments, given, task_.inputs ? task_.inputs.where() : task_.method.where(),
            owner(), "argument", "inputs");
  }

  void require_globals() {
    if (is_open(task_.global_args)) return;
    require(type_->global_arguments, keys_of(task_.global_args), task_.model_type.where(),
            fmt::format("type '{}'", type_->name), "global argument", "globalArgs");
  }

  void require(const Value& schema, const std::vector<std::string>& given, const SourceSpan& where,
               std::string_view owner, std::string_view what, std::string_view key_to_write) {
    for (const auto& key : needed_keys(schema)) {
      if (std::find(given.begin(), given.end(), key) != given.end()) continue;
      errors_.push_back(problem(where, fmt::format("{} needs the {} '{}'", owner, what, key),
                                fmt::format("write '{}: {{{}: …}}'", key_to_write, key)));
    }
  }

  const ModelMethodTask& task_;
  const CachedCatalogue& catalogue_;
  Finding row_;
  std::vector<Error> errors_;
  std::vector<Error> warnings_;
  std::shared_ptr<const Definition> definition_;
  std::shared_ptr<const TypeShape> type_;
  const TypeShape::Method* method_ = nullptr;
};

}  // namespace

const TypeShape::Method* TypeShape::find_method(std::string_view method) const {
  const auto found = std::find_if(methods.begin(), methods.end(),
                                  [method](const Method& each) { return each.name == method; });
  return found == methods.end() ? nullptr : &*found;
}

Finding check_method_call(const Job& job, const Step& step, const ModelMethodTask& task,
                          const CachedCatalogue& catalogue) {
  return MethodCallCheck(job, step, task, catalogue).run();
}

}  // namespace swamp::spec
