#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "repo/document_entry.h"

// Not for other rooms.
namespace swamp::repo {

// The file of the index, for this machine only (numbers in its byte order):
//
//   index := "swampidx" version:u32 count:u32 checksum:u64 entry*      checksum: of everything
//   behind it entry := kind:u8 flags:u8 jobs:u32 size:u64 mtime:i64 inode:u64
//            path:text id:text name:text type:text description:text schedule:text tags:u32
//            (key:text value:text)*
//   text  := length:u32 byte*
//   flags := 1 broken | 2 trigger | 4 inputs

std::string encode_index(const std::vector<const DocumentEntry*>& entries);

/// Nothing when the bytes are not an index of this version, whole and unharmed.
std::optional<std::vector<DocumentEntry>> decode_index(std::string_view bytes);

/// Puts the checksum of an index right, when there is room for one: for those who make indexes by
/// hand.
void seal_index(std::string& bytes);

}  // namespace swamp::repo
