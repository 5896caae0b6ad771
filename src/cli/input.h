#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "value/value.h"

// What users give to methods and workflows on the command line. Everything here is data: no text in
// it is ever searched for expressions.
namespace swamp::cli {

/// Reads a file that an input names; `~/` is expanded already.
using ReadFile = std::function<Result<std::string>(const std::filesystem::path&)>;

/// What a key=value may refer to.
struct InputContext {
  ReadFile read_file;
  std::string home;  // what `~/` stands for
};

/// `key=value` inputs, later ones over earlier ones:
///
///     pair  = key ["." key]* [":json"] "=" value     dots nest
///     value = "@" path                               the file's content, as it is
///           | "@" scope "/" name                     itself
///           | "\@" text                              the text with its @
///           | text
///
/// With `:json` the value is JSON. `option` is what messages call them. Fails with a usage error;
/// not_found for a file.
Result<Map> parse_key_values(std::span<const std::string> pairs, const InputContext& context,
                             std::string_view option);

/// The same, where a text that begins with `{` is a whole JSON object that is merged.
Result<Map> parse_inputs(std::span<const std::string> texts, const InputContext& context,
                         std::string_view option);

/// A YAML or JSON file whose content must be a mapping. `name` is what messages call it.
Result<Map> parse_input_file(std::string text, std::string name);

/// What came on standard input: a JSON object, a list of them, NDJSON, or a YAML mapping. No text
/// at all is no record; only blanks are an error.
Result<std::vector<Map>> parse_records(std::string_view text);

/// Plain `KEY=VALUE` as tags and labels have it: at least one character of key, everything else is
/// text.
Result<std::vector<std::pair<std::string, std::string>>> parse_tags(
    std::span<const std::string> pairs, std::string_view option);

/// An input that is the result of a CEL expression.
struct InputExpression {
  std::vector<std::string> path;  // keys from the outside in
  std::string text;
};

Result<std::vector<InputExpression>> parse_input_expressions(std::span<const std::string> pairs);

}  // namespace swamp::cli
