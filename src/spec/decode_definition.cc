#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "spec/decode_settings.h"
#include "spec/definition_yaml.h"
#include "spec/input_keywords.h"
#include "yaml/parse.h"
#include "yaml/write.h"

namespace swamp::spec {
namespace {

constexpr std::array kDefinitionHints{
    KeyHint{"attributes", "did you mean 'globalArguments'?"},
    KeyHint{
        "arguments",
        "arguments of a method are under 'methods', as in 'methods: {execute: {arguments: {…}}}'"},
    KeyHint{"globalArgs", "did you mean 'globalArguments'?"},
};

/// Reads one definition: what is wrong and what is merely unknown are kept apart.
class DefinitionDecoder {
 public:
  DefinitionDecoder(const yaml::Node& root, std::string_view type_of_folder)
      : type_of_folder_(type_of_folder), reader_(root, label("definition", root), problems_) {}

  Result<Definition> decode() {
    decode_type();
    read_expression_list();
    definition_.id = decode_id(reader_);
    definition_.name = decode_name(reader_, "definition name");
    const auto* name = reader_.node().find("name");
    definition_.name_where = name ? name->where() : reader_.where();
    definition_.version = decode_version(reader_);
    definition_.tags = limited("tags", reader_.text_map_field("tags"));
    definition_.global_arguments = limited("globalArguments", reader_.map_field("globalArguments"));
    decode_methods();
    decode_inputs();
    decode_checks();
    definition_.reports = decode_reports(reader_, unknown_);
    decode_resources();
    definition_.driver = decode_driver(reader_);
    definition_.driver.config = limited("driverConfig", definition_.driver.config);
    reader_.finish(kDefinitionHints, unknown_);
    if (!problems_.empty()) return fail(combine(problems_.take()));
    definition_.unknown_keys = unknown_.take();
    return std::move(definition_);
  }

 private:
  void decode_type() {
    std::string text(type_of_folder_);
    const auto* node = reader_.find("type");
    if (node || text.empty()) text = reader_.required_text("type");
    if (!text.empty()) {
      auto type = TypeName::parse(text);
      if (type)
        definition_.type = *std::move(type);
      else
        problems_.add(node->where(), type.error());
    }
    // Before it was a CalVer it was a number, which says nothing about today's versions.
    const auto* version = reader_.find("typeVersion");
    if (version && !version->value().is_number())
      definition_.type_version = reader_.text("typeVersion");
  }

  void read_expression_list() {
    if (!reader_.find("expressions")) return;
    limited_ = true;
    pointers_ = reader_.texts("expressions");
  }

  /// The field below `pointer` with only those expressions that the document lists, when it lists
  /// any.
  Field limited(std::string_view key, Field field) const {
    if (!limited_ || !field) return field;
    return field_of(*reader_.node().find(key), below(pointer_to({}, key)));
  }

  std::vector<std::string> below(const std::string& prefix) const {
    std::vector<std::string> found;
    for (const auto& pointer : pointers_) {
      if (pointer.starts_with(prefix)) found.push_back(pointer.substr(prefix.size()));
    }
    return found;
  }

  void decode_methods() {
    for (const auto& entry : reader_.entries("methods")) {
      MapReader method(entry.value, fmt::format("method '{}'", entry.name), problems_);
      auto arguments = method.map_field("arguments");
      if (limited_ && arguments) {
        const auto pointer = pointer_to(pointer_to("/methods", entry.name), "arguments");
        arguments = field_of(*entry.value.find("arguments"), below(pointer));
      }
      definition_.methods.push_back(
          {.name = entry.name, .arguments = std::move(arguments), .where = entry.key.where()});
      method.finish({}, unknown_);
    }
  }

  void decode_inputs() {
    auto field = limited("inputs", reader_.map_field("inputs"));
    if (!field) return;
    for (auto& unknown : unknown_input_keywords(field))
      unknown_.add(std::move(unknown));
    auto made = InputSchema::make(std::move(field));
    if (made) {
      definition_.inputs = *std::move(made);
      return;
    }
    problems_.add_all(std::move(made).error());
  }

  void decode_checks() {
    const auto* node = reader_.find("checks");
    if (!node) return;
    MapReader checks(*node, fmt::format("checks of {}", reader_.what()), problems_);
    definition_.checks = {
        .require = checks.texts("require"), .skip = checks.texts("skip"), .where = node->where()};
    checks.finish({}, unknown_);
  }

  void decode_resources() {
    for (const auto& entry : reader_.entries("resources")) {
      MapReader resource(entry.value, fmt::format("resource '{}'", entry.name), problems_);
      definition_.resources.push_back({.spec_name = entry.name,
                                       .policy = decode_output_policy(resource),
                                       .where = entry.key.where()});
      resource.finish({}, unknown_);
    }
  }

  std::string_view type_of_folder_;
  Problems problems_;
  Problems unknown_;
  MapReader reader_;
  Definition definition_;
  bool limited_ = false;               // the document says which of its texts are expressions
  std::vector<std::string> pointers_;  // and these are they
};

}  // namespace

Result<Definition> decode_definition(const yaml::Document& document,
                                     std::string_view type_of_folder) {
  const auto root = document.root();
  SWAMP_TRY(auto definition, DefinitionDecoder(root, type_of_folder).decode());
  definition.document = document.to_value();
  definition.source = document.source();
  return definition;
}

Result<Definition> make_definition(const Value& document) {
  SWAMP_TRY(auto parsed, yaml::parse(yaml::write(document), "<new definition>"));
  return decode_definition(parsed);
}

const Field& Definition::arguments_of(std::string_view method) const {
  static const Field kNone;
  const auto found = std::find_if(methods.begin(), methods.end(),
                                  [method](const Method& each) { return each.name == method; });
  return found == methods.end() ? kNone : found->arguments;
}

bool Definition::has_expressions() const {
  return tags.has_expressions() || global_arguments.has_expressions() ||
         inputs.source().has_expressions() || driver.config.has_expressions() ||
         std::any_of(methods.begin(), methods.end(),
                     [](const Method& method) { return method.arguments.has_expressions(); });
}

}  // namespace swamp::spec
