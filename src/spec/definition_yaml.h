#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "spec/definition.h"
#include "yaml/document.h"

namespace swamp::spec {

/// Reads a definition. Fails with invalid_input and every problem of the file in order of place;
/// unknown keys are no failure but stand in Definition::unknown_keys.
///
/// `type_of_folder` is the type that the file's folder stands for, used when the document names
/// none. A key `expressions` (a list of JSON Pointers) limits which texts are searched for
/// expressions to those that are listed: files that swamp writes by itself have it, so that data in
/// them stays data.
Result<Definition> decode_definition(const yaml::Document& document,
                                     std::string_view type_of_folder = {});

/// The same of a document made in memory; places point into the YAML that it would be written as.
Result<Definition> make_definition(const Value& document);

/// The file of a definition: its document, unknown keys included, with the keys in the original's
/// order. Reading it gives an equal definition.
std::string encode_definition(const Definition& definition);

/// The smallest document of a definition. An empty `type_version` is left out.
Value new_definition_document(std::string_view type, std::string_view type_version,
                              std::string_view id, std::string_view name);

}  // namespace swamp::spec
