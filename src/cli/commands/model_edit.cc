#include <fmt/format.h>

#include "app/models.h"
#include "cli/answer.h"
#include "cli/editor.h"
#include "cli/findings.h"
#include "cli/input.h"
#include "cli/open_session.h"
#include "cli/type_documents.h"
#include "cli/usage_error.h"
#include "model/registry.h"
#include "render/text.h"

namespace swamp::cli {
namespace {

using Type = Option::Type;

constexpr Argument kCreate[] = {{"type", "type of the model"}, {"name", "name of the model"}};
constexpr Argument kModel[] = {{"model_id_or_name", "name or id of the model"}};
constexpr Argument kEdited[] = {
    {"model_id_or_name", "name or id of the model", Argument::Need::optional}};
constexpr Argument kSome[] = {
    {"model_id_or_name", "name or id of the model; none: all of them", Argument::Need::optional}};
constexpr Option kCreateOptions[] = {
    {.name = "global-arg",
     .type = Type::text,
     .value = "key=value",
     .doc = "a global argument, written as --input is; may hold an expression",
     .repeatable = true}};
constexpr Option kValidateOptions[] = {
    {.name = "label",
     .type = Type::text,
     .value = "label",
     .doc = "only checks of the type with this label",
     .repeatable = true},
    {.name = "method",
     .type = Type::text,
     .value = "name",
     .doc = "only checks of the type for this method"},
};
constexpr Example kCreateExamples[] = {
    {"swamp model create command/shell hello", "a model that runs shell commands"},
    {"swamp model create @acme/web shop --global-arg region=eu", "with a global argument"},
};
constexpr Example kEditExamples[] = {
    {"swamp model edit hello", "opens the definition in $EDITOR"},
    {"swamp model edit hello < new.yaml", "replaces it, if the new one is valid"}};
constexpr Example kDeleteExamples[] = {{"swamp model delete hello", "removes the definition"},
                                       {"swamp model delete hello --force", "with all its data"}};
constexpr Example kValidateExamples[] = {{"swamp model validate", "all models"},
                                         {"swamp model validate hello --json", "one"}};

Result<ExitCode> run_create(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(auto globals,
            parse_key_values(invocation.texts("global-arg"), input_context(io), "--global-arg"));
  SWAMP_TRY(auto created, app::create_model(*session, invocation.argument("type"),
                                            invocation.argument("name"), std::move(globals)));
  Map document{{"id", created.id},
               {"type", created.type->normalized},
               {"name", created.name},
               {"path", created.path},
               {"version", created.type->version}};
  if (!created.type->global_arguments_schema.is_null()) {
    document.set("globalArguments", created.type->global_arguments_schema);
  }
  document.set("methods", methods_document(*created.type));
  const std::string first =
      created.type->methods.empty() ? "<method>" : created.type->methods.front().name;
  return answer(
      invocation, io, document,
      fmt::format("Created model {} ({}) in {}\nRun it: swamp model method run {} {}\n",
                  created.name, created.type->normalized, created.path, created.name, first));
}

Result<ExitCode> answer_edit(const Invocation& invocation, Io& io, const app::EditedModel& edited,
                             const std::string& editor) {
  Map document = edit_document(edited.path, editor);
  document.set("name", edited.model.name);
  document.set("type", edited.model.type);
  document.set("editType", "definition");
  return answer(invocation, io, document, fmt::format("Updated {}.\n", edited.path));
}

Result<ExitCode> run_edit(const Invocation& invocation, Io& io) {
  const auto name = invocation.find_argument("model_id_or_name").value_or("");
  if (name.empty()) return usage_error("which model?", "'swamp model search' lists them");
  SWAMP_TRY(auto session, open_session(invocation, io));
  SWAMP_TRY(auto text, piped_text(invocation, io, name));
  if (text) {
    SWAMP_TRY(auto edited, app::replace_model(*session, name, *std::move(text)));
    return answer_edit(invocation, io, edited, "");
  }
  SWAMP_TRY(auto model, app::find_model(*session, name));
  SWAMP_TRY(auto editor, edit_file(io, session->repo().root() / model.path));
  SWAMP_TRY(auto edited, app::recheck_model(*session, model.id));
  return answer_edit(invocation, io, edited, editor);
}

Result<ExitCode> run_delete(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  const auto name = invocation.argument("model_id_or_name");
  SWAMP_TRY(auto model, app::find_model(*session, name));
  SWAMP_TRY(
      const bool yes,
      confirm(invocation, io, fmt::format("Delete model '{}' ({})?", model.name, model.type)));
  if (!yes) return answer_cancelled(invocation, io);
  SWAMP_TRY(auto deleted, app::delete_model(*session, name, invocation.has("force")));
  return answer(invocation, io,
                Map{{"deleted", Map{{"id", deleted.model.id},
                                    {"name", deleted.model.name},
                                    {"type", deleted.model.type},
                                    {"inputPath", deleted.path}}},
                    {"resourceDeleted", deleted.data_names > 0},
                    {"outputsDeleted", static_cast<std::int64_t>(deleted.outputs_deleted)},
                    {"evaluatedInputDeleted", deleted.evaluated_deleted},
                    {"dataDeleted", deleted.data_names > 0},
                    {"expiredDataAutoCollected", 0}},
                fmt::format("Deleted model {} with {} and {}.\n", deleted.model.name,
                            render::count_of(deleted.outputs_deleted, "output record"),
                            render::count_of(deleted.data_names, "data name")));
}

Value validated_document(const app::ValidatedModel& model) {
  List warnings;
  if (!model.environment.empty()) {
    List uses;
    for (const spec::EnvironmentUse& use : model.environment) {
      uses.push_back(Map{{"path", use.path}, {"envVar", use.variable}});
    }
    warnings.push_back(Map{{"name", "Environment variables"},
                           {"message", "values come from the environment of whoever runs it"},
                           {"envVars", std::move(uses)}});
  }
  return Map{{"modelId", model.id},
             {"modelName", model.name},
             {"type", model.type},
             {"validations", findings_document(model.findings)},
             {"warnings", std::move(warnings)},
             {"passed", model.passed()}};
}

std::string validated_text(const app::ValidatedModel& model, render::Style style) {
  const auto rows = static_cast<std::int64_t>(model.findings.size());
  return fmt::format("Validating: {}\n{}{}/{} validations passed\nResult: {}\n", model.name,
                     findings_text(model.findings, style), rows - count_failed(model.findings),
                     rows,
                     model.passed() ? style.paint(render::Ink::green, "PASSED")
                                    : style.paint(render::Ink::red, "FAILED"));
}

/// What `--method` and `--label` ask for must be there: a mistyped name would select nothing, and
/// look like success.
Result<> check_selection(const Invocation& invocation, Io& io, app::Session& session,
                         const std::vector<app::ValidatedModel>& models) {
  if (auto method = invocation.text("method")) {
    Result<const model::Method*> found = nullptr;
    for (const app::ValidatedModel& model : models) {
      const auto type = session.types().find(model.type);
      if (type == nullptr) continue;
      found = model::require_method(*type, *method);
      if (found) break;
    }
    if (!found) return fail(std::move(found).error());
  }
  if (invocation.has("label")) {
    warn(invocation, io,
         {.code = ErrorCode::not_found,
          .message = fmt::format("no check has the label '{}'", invocation.texts("label").front()),
          .hint = "the built-in types bring no checks of their own"});
  }
  return {};
}

Result<ExitCode> run_validate(const Invocation& invocation, Io& io) {
  SWAMP_TRY(auto session, open_session(invocation, io));
  const auto style = style_of(invocation, io, Io::Stream::out);
  if (auto name = invocation.find_argument("model_id_or_name")) {
    SWAMP_TRY(auto model, app::validate_model(*session, *name));
    SWAMP_CHECK(check_selection(invocation, io, *session, {model}));
    SWAMP_TRY(auto code,
              answer(invocation, io, validated_document(model), validated_text(model, style)));
    return model.passed() ? code : ExitCode::failure;
  }
  SWAMP_TRY(auto models, app::validate_all_models(*session));
  SWAMP_CHECK(check_selection(invocation, io, *session, models));
  List documents;
  std::string text;
  std::int64_t failed = 0;
  std::int64_t warnings = 0;
  for (const app::ValidatedModel& model : models) {
    documents.push_back(validated_document(model));
    text += validated_text(model, style) + "\n";
    failed += model.passed() ? 0 : 1;
    warnings += model.environment.empty() ? 0 : 1;
  }
  const auto passed = static_cast<std::int64_t>(models.size()) - failed;
  text += fmt::format("Summary: {} passed, {} failed\n", passed, failed);
  SWAMP_TRY(auto code, answer(invocation, io,
                              Map{{"models", std::move(documents)},
                                  {"totalPassed", passed},
                                  {"totalFailed", failed},
                                  {"totalWarnings", warnings},
                                  {"passed", failed == 0}},
                              text));
  return failed == 0 ? code : ExitCode::failure;
}

}  // namespace

extern constexpr Command kModelCreateCommand = {.path = "model create",
                                                .summary = "Write a model definition",
                                                .arguments = kCreate,
                                                .options = kCreateOptions,
                                                .shared = kInRepository,
                                                .examples = kCreateExamples,
                                                .run = run_create};
extern constexpr Command kModelEditCommand = {.path = "model edit",
                                              .summary = "Edit a model definition",
                                              .arguments = kEdited,
                                              .shared = kInRepository,
                                              .examples = kEditExamples,
                                              .run = run_edit};
extern constexpr Command kModelDeleteCommand = {.path = "model delete",
                                                .summary = "Delete a model definition",
                                                .arguments = kModel,
                                                .shared = kInRepository | Shared::yes,
                                                .examples = kDeleteExamples,
                                                .run = run_delete};
extern constexpr Command kModelValidateCommand = {.path = "model validate",
                                                  .summary = "Check model definitions",
                                                  .arguments = kSome,
                                                  .options = kValidateOptions,
                                                  .shared = kInRepository,
                                                  .examples = kValidateExamples,
                                                  .run = run_validate};

}  // namespace swamp::cli
