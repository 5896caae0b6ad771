#pragma once

#include <optional>
#include <string_view>

struct sqlite3;

// Not for other rooms.
namespace swamp::store {

/// The value at a path such as `$."a"."b"`, as it is written in a JSON text; nothing when it is not
/// there, or lies below something that is no object. Reads no further than it must and makes
/// nothing: several times faster than parsing. The text is one that write_json() wrote without an
/// indent; keys of the path are such as JSON writes without escapes. A text that ends early has no
/// member there.
std::optional<std::string_view> json_member(std::string_view json, std::string_view path);

/// Gives a connection the SQL function `json_member_in(text, path, list)`: whether the member is
/// written as a value of the list (JSON too, as write_json() has it), null where there is no such
/// member. Since equal texts, truth values and nulls are written alike, it says whether they are
/// equal.
void add_json_functions(sqlite3* database);

}  // namespace swamp::store
