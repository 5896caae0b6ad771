#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "spec/catalogue.h"
#include "spec/definition_yaml.h"
#include "spec/workflow_yaml.h"
#include "value/json.h"
#include "yaml/parse.h"

// What tests of this room validate against.
namespace swamp::spec {

/// A catalogue of things written down in YAML and JSON.
class TestCatalogue final : public Catalogue {
 public:
  TestCatalogue() {
    add_type({.name = "command/shell",
              .methods = {{.name = "execute",
                           .arguments = json(R"({"type": "object", "required": ["run"],
                  "additionalProperties": false, "properties": {"run": {"type": "string", "minLength": 1},
                  "timeout": {"type": "integer"}, "env": {"type": "object", "additionalProperties": {"type": "string"}},
                  "workingDir": {"type": "string"}}})")}},
              .resources = {{.name = "result",
                             .schema = json(R"({"type": "object", "additionalProperties": false,
                  "properties": {"exitCode": {"type": "integer"}, "stdout": {"type": "string"}}})")}},
              .files = {"log"}});
    add_type(
        {.name = "@john/pod",
         .global_arguments =
             json(R"({"type": "object", "required": ["namespace"], "additionalProperties": false,
                  "properties": {"namespace": {"type": "string"}, "context": {"type": "string", "default": "here"}}})"),
         .methods = {{.name = "list",
                      .arguments = json(R"({"type": "object", "additionalProperties": false,
                  "properties": {"label": {"type": "string"}}})")},
                     {.name = "get", .arguments = json(R"({"type": "object", "required": ["name"],
                  "additionalProperties": false, "properties": {"name": {"type": "string"}}})")}},
         .checks = {"reachable", "quota"}});
  }

  void add_type(TypeShape type) {
    auto name = type.name;
    types_[name] = std::make_shared<const TypeShape>(std::move(type));
  }
  void add_definition(std::string yaml) {
    auto definition = decode_definition(*yaml::parse(std::move(yaml), "d.yaml"));
    auto shared = std::make_shared<const Definition>(*std::move(definition));
    definitions_[shared->name] = shared;
  }
  void add_workflow(std::string yaml) {
    auto workflow = decode_workflow(*yaml::parse(std::move(yaml), "other.yaml"));
    auto shared = std::make_shared<const Workflow>(*std::move(workflow));
    workflows_[shared->name] = shared;
  }

  Result<std::shared_ptr<const TypeShape>> find_type(const TypeName& type) const override {
    const auto found = types_.find(type.normalized);
    if (found != types_.end()) return found->second;
    return fail(ErrorCode::not_found, fmt::format("there is no type '{}'", type.normalized));
  }
  Result<std::shared_ptr<const Definition>> find_definition(std::string_view name) const override {
    return find(definitions_, name);
  }
  Result<std::shared_ptr<const Workflow>> find_workflow(std::string_view name) const override {
    return find(workflows_, name);
  }
  std::vector<std::string> definition_names() const override { return names(definitions_); }
  std::vector<std::string> workflow_names() const override { return names(workflows_); }
  std::vector<std::string> driver_names() const override { return {"raw", "docker"}; }

 private:
  template <class T>
  using Named = std::map<std::string, std::shared_ptr<const T>, std::less<>>;

  static Value json(std::string_view text) { return *parse_json(text); }

  template <class T>
  static Result<std::shared_ptr<const T>> find(const Named<T>& all, std::string_view name_or_id) {
    for (const auto& [name, document] : all) {
      if (name == name_or_id || document->id == name_or_id) return document;
    }
    return fail(ErrorCode::not_found, fmt::format("there is no '{}'", name_or_id));
  }

  template <class T>
  static std::vector<std::string> names(const Named<T>& all) {
    std::vector<std::string> names;
    for (const auto& [name, document] : all)
      names.push_back(name);
    return names;
  }

  std::map<std::string, std::shared_ptr<const TypeShape>, std::less<>> types_;
  Named<Definition> definitions_;
  Named<Workflow> workflows_;
};

}  // namespace swamp::spec
