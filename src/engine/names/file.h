#pragma once

#include "engine/names/name_context.h"

// Files: those that models have written, and those of the repository.
namespace swamp::engine {

/// `file.contents(model, spec)`: the text of the first file under the spec; null when model, spec
/// or file is missing.
Task<Value> file_contents(const NameContext& context, cel::Ask ask);

/// `hashFiles(pattern…)`: one SHA-256 (hex) over the contents of all files of the repository that
/// any of the patterns matches, in order of their paths; an empty text when none does. In a pattern
/// `*` and `?` stay within a folder, `**` is any number of folders. Folders named `.git` and
/// `.swamp` are passed over.
Task<Value> hash_files(const NameContext& context, cel::Ask ask);

}  // namespace swamp::engine
