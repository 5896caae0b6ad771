#include "spec/path_checks.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/suggest.h"
#include "spec/problem.h"

namespace swamp::spec {
namespace {

using Words = std::vector<std::string>;

const Words& kinds() {
  static const Words kWords{"resource", "file", "definition", "input", "execution"};
  return kWords;
}

const Words& definition_fields() {
  static const Words kWords{"id", "name", "version", "tags", "globalArguments", "inputs"};
  return kWords;
}

const Words& resource_fields() {
  static const Words kWords{
      "id",         "name",        "version",       "isLatest",     "createdAt", "namespace",
      "attributes", "tags",        "modelName",     "modelId",      "modelType", "specName",
      "dataType",   "contentType", "lifetime",      "ownerType",    "streaming", "size",
      "content",    "ownerRef",    "workflowRunId", "workflowName", "jobName",   "stepName",
      "source"};
  return kWords;
}

const Words& file_fields() {
  static const Words kWords{"id", "version", "createdAt", "path", "size", "contentType"};
  return kWords;
}

const Words& execution_fields() {
  static const Words kWords{"id",          "methodName", "status", "startedAt",
                            "completedAt", "durationMs", "error"};
  return kWords;
}

bool contains(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Reads a path from left to right and stops at the first thing that is not there.
class PathCheck {
 public:
  PathCheck(const std::vector<std::string>& path, const FoundExpression& found)
      : path_(path), found_(found) {}

  bool has(std::size_t at) const { return at < path_.size(); }
  const std::string& operator[](std::size_t at) const { return path_[at]; }

  /// Reports path[at] unless it is one of `known`; whether it is.
  bool expect(std::size_t at, const Words& known, const std::string& message) {
    if (contains(known, path_[at])) return true;
    auto hint = did_you_mean(path_[at], known);
    if (hint.empty() && !known.empty()) hint = fmt::format("there are {}", fmt::join(known, ", "));
    report(at, message, std::move(hint));
    return false;
  }

  void report(std::size_t at, std::string message, std::string hint = {}) {
    errors.push_back(problem(place_of(found_, path_[at]), std::move(message), std::move(hint)));
  }

  std::vector<Error> errors;

 private:
  const std::vector<std::string>& path_;
  const FoundExpression& found_;
};

/// Follows `properties` of a schema; leaves off where the schema says nothing certain.
void check_attributes(PathCheck& path, std::size_t at, const Value& schema) {
  const Value* level = &schema;
  for (; path.has(at); ++at) {
    const auto& properties = (*level)["properties"];
    if (!properties.is_map()) return;
    const auto* next = properties.as_map().find(path[at]);
    if (!next) {
      const auto& others = (*level)["additionalProperties"];
      if (!others.is_bool() || others.as_bool()) return;
      Words names;
      for (const auto& [name, property] : properties.as_map())
        names.push_back(name);
      path.expect(at, names, fmt::format("the attributes of '{}' have no '{}'", path[3], path[at]));
      return;
    }
    level = next;
  }
}

void check_resource(PathCheck& path, const TypeShape& type) {
  if (!path.has(3)) return;
  Words specs;
  for (const auto& resource : type.resources)
    specs.push_back(resource.name);
  if (!path.expect(3, specs, fmt::format("type '{}' has no resource '{}'", type.name, path[3])) ||
      !path.has(5))
    return;
  if (!path.expect(5, resource_fields(), fmt::format("a resource has no field '{}'", path[5])))
    return;
  if (path[5] != "attributes") return;
  const auto spec =
      std::find_if(type.resources.begin(), type.resources.end(),
                   [&](const TypeShape::Resource& each) { return each.name == path[3]; });
  check_attributes(path, 6, spec->schema);
}

void check_file(PathCheck& path, const TypeShape& type) {
  if (!path.has(3)) return;
  if (!path.expect(3, type.files, fmt::format("type '{}' has no file '{}'", type.name, path[3])))
    return;
  if (path.has(5)) path.expect(5, file_fields(), fmt::format("a file has no field '{}'", path[5]));
}

void check_definition(PathCheck& path) {
  if (!path.has(3) || contains(definition_fields(), path[3])) return;
  if (path[3] == "attributes") {
    path.report(3, "a definition has no field 'attributes'", "did you mean 'globalArguments'?");
    return;
  }
  path.expect(3, definition_fields(), fmt::format("a definition has no field '{}'", path[3]));
}

}  // namespace

std::vector<Error> model_path_errors(const std::vector<std::string>& words,
                                     const FoundExpression& found, const Catalogue& catalogue) {
  PathCheck path(words, found);
  if (!path.has(1)) return {};
  const auto definition = catalogue.find_definition(path[1]);
  if (!definition) {
    if (definition.error().code != ErrorCode::not_found) {
      path.report(1, definition.error().message, definition.error().hint);
    } else {
      path.report(1, fmt::format("there is no model '{}'", path[1]),
                  did_you_mean(path[1], catalogue.definition_names()));
    }
    return path.errors;
  }
  if (!path.has(2) || !path.expect(2, kinds(), fmt::format("a model has no '{}'", path[2])))
    return path.errors;
  if (path[2] == "definition" || path[2] == "input") check_definition(path);
  if (path[2] == "execution" && path.has(3)) {
    path.expect(3, execution_fields(), fmt::format("an execution has no field '{}'", path[3]));
  }
  const auto type = catalogue.find_type((*definition)->type);
  if (!type) return path.errors;  // said where the type is looked at
  if (path[2] == "resource") check_resource(path, **type);
  if (path[2] == "file") check_file(path, **type);
  return path.errors;
}

std::vector<Error> self_path_errors(const std::vector<std::string>& words,
                                    const FoundExpression& found) {
  PathCheck path(words, found);
  if (path.has(1)) path.expect(1, definition_fields(), fmt::format("self has no '{}'", path[1]));
  return path.errors;
}

}  // namespace swamp::spec
