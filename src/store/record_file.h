#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "yaml/parse.h"

namespace swamp::store {

/// Reads a YAML record with its decoder. Fails with not_found, or with invalid_input that names the
/// file.
template <class Record>
Result<Record> read_record(const std::filesystem::path& path);

/// The part of an id that a person typed: lower case, without dashes. Empty when it can be no
/// prefix of an id (fewer than 3 hex digits, or something else in it).
std::string normalized_prefix(std::string_view text);

/// Whether a text that a person typed can be an id or the beginning of one.
bool may_be_id(std::string_view text);

/// Whether `id` begins with such a prefix.
bool has_prefix(std::string_view id, std::string_view prefix);

/// `'<what>' 'abc' is not the beginning of one id only`, with the ids as its hint.
Error ambiguous_prefix(std::string_view prefix, const std::vector<std::string>& ids);

/// `2026-11-20T21:28:59.034Z` as file names have it: `2026-11-20T21-28-59-034Z`.
std::string file_stamp(std::string iso);

// --- implementation ---

Result<Value> read_record_value(const std::filesystem::path& path);

template <class Record>
Result<Record> read_record(const std::filesystem::path& path) {
  SWAMP_TRY(const auto value, read_record_value(path));
  auto record = Record::from_value(value);
  if (!record)
    return fail(std::move(record).error().while_doing("reading '" + path.string() + "'"));
  return record;
}

}  // namespace swamp::store
