#include "cli/type_documents.h"

#include <algorithm>

#include <fmt/format.h>

#include "render/text.h"
#include "value/json.h"

namespace swamp::cli {
namespace {

Value tags_document(const std::vector<std::pair<std::string, std::string>>& tags) {
  Map document;
  for (const auto& [name, text] : tags) {
    document.set(name, text);
  }
  return document;
}

bool is_required(const Value& schema, const std::string& name) {
  if (!schema["required"].is_list()) return false;
  const List& names = schema["required"].as_list();
  return std::find(names.begin(), names.end(), Value(name)) != names.end();
}

std::string type_text(const Value& schema) {
  std::string text = schema["type"].is_string() ? schema["type"].as_string() : "any";
  if (!schema["enum"].is_list()) return text;
  std::string choices;
  for (const Value& choice : schema["enum"].as_list()) {
    choices += (choices.empty() ? "" : ", ") +
               (choice.is_string() ? choice.as_string() : write_json(choice));
  }
  return fmt::format("{} [{}]", text, choices);
}

}  // namespace

Value method_document(const model::Method& method) {
  return Map{{"name", method.name},
             {"description", method.description},
             {"arguments", method.arguments_schema}};
}

Value methods_document(const model::Type& type) {
  List methods;
  for (const model::Method& method : type.methods) {
    methods.push_back(method_document(method));
  }
  return methods;
}

Value outputs_document_of(const model::Type& type) {
  List specs;
  for (const model::ResourceSpec& spec : type.resources) {
    Map document{{"specName", spec.name}, {"kind", "resource"}};
    if (!spec.description.empty()) document.set("description", spec.description);
    if (!spec.schema.is_null()) document.set("schema", spec.schema);
    document.set("lifetime", spec.lifetime);
    document.set("garbageCollection", spec.garbage_collection);
    if (!spec.tags.empty()) document.set("tags", tags_document(spec.tags));
    specs.push_back(std::move(document));
  }
  for (const model::FileSpec& spec : type.files) {
    Map document{{"specName", spec.name}, {"kind", "file"}};
    if (!spec.description.empty()) document.set("description", spec.description);
    document.set("contentType", spec.content_type);
    document.set("lifetime", spec.lifetime);
    document.set("garbageCollection", spec.garbage_collection);
    if (spec.streaming) document.set("streaming", true);
    if (!spec.tags.empty()) document.set("tags", tags_document(spec.tags));
    specs.push_back(std::move(document));
  }
  return specs.empty() ? Value() : Value(std::move(specs));
}

std::string schema_text(const Value& schema, render::Style style, std::size_t indent) {
  if (!schema["properties"].is_map()) return fmt::format("{:{}}anything\n", "", indent);
  std::size_t width = 0;
  std::vector<std::pair<std::string, std::string>> rows;  // `name (type)` and what it is
  for (const auto& [name, property] : schema["properties"].as_map()) {
    std::string head =
        fmt::format("{} ({}){}", style.paint(render::Ink::bold, name), type_text(property),
                    is_required(schema, name) ? " *required" : "");
    width = std::max(width, render::display_width(head));
    rows.emplace_back(std::move(head), property["description"].is_string()
                                           ? property["description"].as_string()
                                           : std::string());
  }
  std::string text;
  for (const auto& [head, doc] : rows) {
    std::string line = fmt::format("{:{}}{}  {}", "", indent, render::pad_right(head, width), doc);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string method_text(const model::Method& method, render::Style style, std::size_t indent) {
  std::string text = fmt::format("{:{}}{} - {}\n", "", indent,
                                 style.paint(render::Ink::cyan, method.name), method.description);
  return text + schema_text(method.arguments_schema, style, indent + 2);
}

std::string methods_text(const model::Type& type, render::Style style) {
  std::string text = style.paint(render::Ink::bold, "Methods:") + "\n";
  for (const model::Method& method : type.methods) {
    text += method_text(method, style, 2);
  }
  return text;
}

std::string outputs_text_of(const model::Type& type, render::Style style) {
  if (type.resources.empty() && type.files.empty()) return {};
  std::string text = style.paint(render::Ink::bold, "Data Outputs:") + "\n";
  for (const model::ResourceSpec& spec : type.resources) {
    text += fmt::format("  {} (resource)  {}\n", style.paint(render::Ink::cyan, spec.name),
                        spec.description);
  }
  for (const model::FileSpec& spec : type.files) {
    text += fmt::format("  {} (file, {})  {}\n", style.paint(render::Ink::cyan, spec.name),
                        spec.content_type, spec.description);
  }
  return text;
}

Value compact_schema(const Value& schema) {
  Map properties;
  if (schema["properties"].is_map()) {
    for (const auto& [name, property] : schema["properties"].as_map()) {
      Map compact;
      if (!property["type"].is_null()) compact.set("type", property["type"]);
      if (!property["enum"].is_null()) compact.set("enum", property["enum"]);
      properties.set(name, std::move(compact));
    }
  }
  Map document{{"properties", std::move(properties)}};
  if (schema["required"].is_list() && !schema["required"].as_list().empty())
    document.set("required", schema["required"]);
  return document;
}

}  // namespace swamp::cli
