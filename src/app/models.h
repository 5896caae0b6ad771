#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/session.h"
#include "spec/validate.h"

// What people ask of models: their definitions and types.
namespace swamp::app {

/// The type of this name. A leading `@` that no type has is passed over. Fails with not_found.
Result<std::shared_ptr<const model::Type>> find_type(Session& session, std::string_view name);

/// Types in whose name `query` occurs, case ignored.
std::vector<std::shared_ptr<const model::Type>> search_types(Session& session,
                                                             std::string_view query);

struct CreatedModel {
  std::shared_ptr<const model::Type> type;
  std::string id;
  std::string name;
  std::string path;  // absolute
};
/// Writes a definition. `global_arguments` may hold expressions: they are stored as they stand.
/// Fails with conflict when a definition has the name, with invalid_input for a bad name, arguments
/// that do not fit the type's schema, or a literal where the schema wants a secret.
Result<CreatedModel> create_model(Session& session, std::string_view type, std::string_view name,
                                  Map global_arguments);

/// Definitions in whose name, type, id or tags `query` occurs. Those that runs made only when asked
/// for.
Result<std::vector<const repo::DocumentEntry*>> search_models(Session& session,
                                                              std::string_view query,
                                                              bool auto_made);

/// Replaces the file of a definition by `text`, when that is a valid definition of the same id and
/// type.
struct EditedModel {
  FoundModel model;
  std::string path;  // absolute
};
Result<EditedModel> replace_model(Session& session, std::string_view model, std::string text);
/// Checks a definition's file after somebody edited it.
Result<EditedModel> recheck_model(Session& session, std::string_view model);

struct DeletedModel {
  FoundModel model;
  std::string path;
  std::size_t outputs_deleted = 0;
  std::size_t data_names = 0;
  bool evaluated_deleted = false;
};
/// Removes a definition with its outputs and data. Fails with conflict when a workflow names it, or
/// when it has data and `with_data` is not set.
Result<DeletedModel> delete_model(Session& session, std::string_view model, bool with_data);

struct ValidatedModel {
  std::string id;
  std::string name;
  std::string type;
  std::vector<spec::Finding> findings;
  std::vector<spec::EnvironmentUse> environment;
  bool passed() const { return spec::all_passed(findings); }
};
Result<ValidatedModel> validate_model(Session& session, std::string_view model);
/// All definitions, files that cannot be read as failed ones. Fails with not_found when there are
/// none.
Result<std::vector<ValidatedModel>> validate_all_models(Session& session);

/// The method of a model's type. Fails with code name `unknown_method`.
struct DescribedMethod {
  FoundModel model;
  std::shared_ptr<const model::Type> type;
  const model::Method* method = nullptr;
};
Result<DescribedMethod> describe_method(Session& session, std::string_view model,
                                        std::string_view method);

}  // namespace swamp::app
