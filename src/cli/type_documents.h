#pragma once

#include <string>

#include "model/type.h"
#include "render/style.h"
#include "value/value.h"

// How types, methods and schemas are shown.
namespace swamp::cli {

/// The list `methods` of documents: name, description, arguments.
Value methods_document(const model::Type& type);
/// One method, as in that list.
Value method_document(const model::Method& method);
/// The list `dataOutputSpecs`; null when the type writes nothing.
Value outputs_document_of(const model::Type& type);

/// `name (type) *required  description`, a line a property.
std::string schema_text(const Value& schema, render::Style style, std::size_t indent);
std::string methods_text(const model::Type& type, render::Style style);
std::string method_text(const model::Method& method, render::Style style, std::size_t indent);
std::string outputs_text_of(const model::Type& type, render::Style style);

/// Only names, types and choices: `{properties: {k: {type?, enum?}}, required?}`.
Value compact_schema(const Value& schema);

}  // namespace swamp::cli
