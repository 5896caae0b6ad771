#include "app/models.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/directory.h"
#include "app/mending.h"
#include "base/ascii.h"
#include "engine/method_sensitive.h"
#include "os/directory.h"
#include "os/file.h"
#include "schema/schema.h"
#include "spec/definition_yaml.h"
#include "yaml/parse.h"

namespace swamp::app {
namespace {

/// A value of a secret must not stand in a file that goes into version control.
Result<> check_no_literal_secrets(const model::Type& type, const spec::Definition& definition) {
  const Value& globals = definition.global_arguments.value();
  for (const engine::SensitiveSpot& spot :
       engine::sensitive_fields(type.global_arguments_schema, globals)) {
    const Value* value = spec::find_at(globals, spot.pointer);
    const bool is_literal =
        !value->is_string() ||
        (!value->as_string().empty() && !cel::Template::has_expression(value->as_string()));
    if (!is_literal) continue;
    return fail(Error{
        .code = ErrorCode::invalid_input,
        .message =
            fmt::format("global argument '{}' is a secret and must not stand in a file", spot.path),
        .where = definition.global_arguments.where(spot.pointer),
        .hint = fmt::format(
            "put it into a vault and write \"${{{{ vault.get('<vault>', '{}') }}}}\"", spot.path),
        .name = "literal_sensitive_global_arg"});
  }
  return {};
}

/// Global arguments without expressions are checked against the type; the others are, when they are
/// used.
Result<> check_globals(const model::Type& type, const spec::Definition& definition) {
  SWAMP_CHECK(check_no_literal_secrets(type, definition));
  if (type.global_arguments_schema.is_null() || definition.global_arguments.has_expressions())
    return {};
  SWAMP_TRY(auto schema, schema::Schema::compile(type.global_arguments_schema));
  const Value& globals = definition.global_arguments.value();
  const auto problems = schema.validate(globals.is_null() ? Value(Map{}) : globals);
  if (problems.empty()) return {};
  Error error = schema::to_error(problems, "global arguments");
  error.name = "validation_failed";
  return fail(std::move(error));
}

std::string absolute(Session& session, const std::string& path) {
  return (session.repo().root() / path).string();
}

Result<std::vector<std::string>> workflows_naming(Session& session, const FoundModel& model) {
  SWAMP_TRY(auto* documents, session.documents());
  std::vector<std::string> names;
  for (const repo::DocumentEntry* entry : documents->index().workflows()) {
    SWAMP_TRY(auto workflow, documents->find_workflow(entry->id));
    for (const spec::Job& job : workflow->jobs) {
      for (const spec::Step& step : job.steps) {
        const auto* task = std::get_if<spec::ModelMethodTask>(&step.task);
        if (task == nullptr || !task->model.is_set()) continue;
        const bool is_named = task->model.text() == model.name || task->model.text() == model.id;
        if (is_named && (names.empty() || names.back() != workflow->name))
          names.push_back(workflow->name);
      }
    }
  }
  return names;
}

ValidatedModel validated(const spec::Definition& definition, const RepositoryDirectory& catalogue) {
  return {.id = definition.id,
          .name = definition.name,
          .type = definition.type.normalized,
          .findings = spec::validate_definition(definition, catalogue),
          .environment = spec::environment_uses(definition)};
}

}  // namespace

Result<std::shared_ptr<const model::Type>> find_type(Session& session, std::string_view name) {
  SWAMP_TRY(auto type, spec::TypeName::parse(name));
  if (auto found = session.types().find(type.normalized)) return found;
  if (name.substr(0, 1) == "@") {
    if (auto found = session.types().find(std::string_view(type.normalized).substr(1)))
      return found;
  }
  return session.types().require(type.normalized);
}

std::vector<std::shared_ptr<const model::Type>> search_types(Session& session,
                                                             std::string_view query) {
  std::vector<std::shared_ptr<const model::Type>> found;
  for (auto& type : session.types().all()) {
    if (contains_in_any_case(type->normalized, query)) found.push_back(type);
  }
  return found;
}

Result<CreatedModel> create_model(Session& session, std::string_view type_name,
                                  std::string_view name, Map global_arguments) {
  CreatedModel created{.name = std::string(name)};
  SWAMP_TRY(created.type, find_type(session, type_name));
  SWAMP_CHECK(spec::check_new_definition_name(name));
  created.id = session.ids().uuid();
  Value document = spec::new_definition_document(created.type->normalized, created.type->version,
                                                 created.id, name);
  document.mutable_map().set("globalArguments", std::move(global_arguments));
  SWAMP_TRY(auto definition, spec::make_definition(document));
  SWAMP_CHECK(check_globals(*created.type, definition));
  SWAMP_TRY(auto* documents, session.documents());
  SWAMP_TRY(auto path, documents->save_definition(definition));
  created.path = absolute(session, path);
  return created;
}

Result<std::vector<const repo::DocumentEntry*>> search_models(Session& session,
                                                              std::string_view query,
                                                              bool auto_made) {
  SWAMP_TRY(auto* documents, session.documents());
  using AutoMade = repo::DocumentIndex::AutoMade;
  std::vector<const repo::DocumentEntry*> found;
  for (const repo::DocumentEntry* entry :
       documents->index().definitions(auto_made ? AutoMade::shown : AutoMade::hidden)) {
    if (repo::matches(*entry, query)) found.push_back(entry);
  }
  return found;
}

Result<EditedModel> replace_model(Session& session, std::string_view model, std::string text) {
  SWAMP_TRY(auto* documents, session.documents());
  SWAMP_TRY(const auto* entry, documents->index().find_definition(model));
  // What the new text means is checked before the old one goes.
  SWAMP_TRY(auto parsed, yaml::parse(text, entry->path));
  SWAMP_TRY(auto definition, spec::decode_definition(parsed, entry->type));
  if (auto type = session.types().find(definition.type.normalized)) {
    SWAMP_CHECK(check_no_literal_secrets(*type, definition));
  }
  SWAMP_TRY(auto path, documents->replace_text(*entry, std::move(text)));
  EditedModel edited{.path = absolute(session, path)};
  SWAMP_TRY(edited.model, find_model(session, definition.id));
  return edited;
}

Result<EditedModel> recheck_model(Session& session, std::string_view model) {
  SWAMP_TRY(auto* documents, session.documents());
  SWAMP_TRY(const auto* entry, documents->index().find_definition(model));
  SWAMP_TRY(auto text, os::read_file(session.repo().root() / entry->path));
  return replace_model(session, model, std::move(text));
}

Result<DeletedModel> delete_model(Session& session, std::string_view model, bool with_data) {
  SWAMP_CHECK(mend_left_runs(session));
  DeletedModel deleted;
  SWAMP_TRY(deleted.model, find_model(session, model));
  if (deleted.model.definition == nullptr) {
    return fail(ErrorCode::invalid_input,
                fmt::format("'{}' has no definition that could be deleted", deleted.model.name),
                "it was made by a step that names a type; 'data delete' removes its data");
  }
  SWAMP_TRY(auto naming, workflows_naming(session, deleted.model));
  if (!naming.empty()) {
    return fail(ErrorCode::conflict,
                fmt::format("model '{}' is referenced by workflow '{}'", deleted.model.name,
                            naming.front()),
                "change or delete the workflow first");
  }
  const store::Instance instance{deleted.model.type, deleted.model.id};
  SWAMP_TRY(auto names, session.artifacts().names(instance));
  deleted.data_names = names.size();
  if (!names.empty() && !with_data) {
    return fail(ErrorCode::conflict, fmt::format("model '{}' has data", deleted.model.name),
                "with --force the data is deleted too");
  }

  SWAMP_TRY(auto* documents, session.documents());
  SWAMP_TRY(const auto* entry, documents->index().find_definition(deleted.model.id));
  deleted.path = absolute(session, entry->path);
  SWAMP_CHECK(documents->remove(*entry));
  for (const store::FoundOutput& output : session.outputs().list(deleted.model.id).outputs) {
    if (session.outputs().remove(output)) ++deleted.outputs_deleted;
  }
  if (!names.empty()) SWAMP_CHECK(session.artifacts().remove_instance(instance));
  SWAMP_TRY(auto type, spec::TypeName::parse(deleted.model.type));
  const auto evaluated = repo::definition_path(session.repo().definitions_evaluated(), type,
                                               deleted.model.name, deleted.model.id);
  SWAMP_TRY(deleted.evaluated_deleted, os::remove_file(evaluated));
  return deleted;
}

Result<ValidatedModel> validate_model(Session& session, std::string_view model) {
  SWAMP_TRY(auto* documents, session.documents());
  SWAMP_TRY(auto definition, documents->find_definition(model));
  return validated(*definition, RepositoryDirectory(session));
}

Result<std::vector<ValidatedModel>> validate_all_models(Session& session) {
  SWAMP_TRY(auto* documents, session.documents());
  const RepositoryDirectory catalogue(session);
  std::vector<ValidatedModel> all;
  for (const repo::DocumentEntry* entry : documents->index().definitions()) {
    auto definition = documents->find_definition(entry->id);
    if (definition) {
      all.push_back(validated(**definition, catalogue));
    } else {
      all.push_back(
          {.id = entry->id,
           .name = entry->name,
           .type = entry->type,
           .findings = {
               {.check = "Definition schema", .passed = false, .error = definition.error()}}});
    }
  }
  for (const Error& broken : documents->index().warnings()) {
    const std::string file = broken.where && broken.where->source ? broken.where->source->name : "";
    if (file.rfind("workflows/", 0) == 0) continue;
    session.was_told(broken);
    all.push_back({.name = file,
                   .findings = {{.check = "Definition schema", .passed = false, .error = broken}}});
  }
  if (all.empty()) {
    return fail(ErrorCode::not_found, "No models found",
                "make one with 'swamp model create command/shell <name>'");
  }
  return all;
}

Result<DescribedMethod> describe_method(Session& session, std::string_view model,
                                        std::string_view method) {
  DescribedMethod described;
  SWAMP_TRY(described.model, find_model(session, model));
  SWAMP_TRY(described.type, session.types().require(described.model.type));
  SWAMP_TRY(described.method, model::require_method(*described.type, method));
  return described;
}

}  // namespace swamp::app
