#pragma once

#include <string>

#include "app/data.h"
#include "value/value.h"

// The documents and texts that several data commands share.
namespace swamp::cli {

/// `2 KB`-like sizes for people.
std::string size_text(std::uint64_t bytes);

/// The list `ownerDefinition` of documents: only what is set.
Value owner_document(const store::Owner& owner);

Value retention_document(const store::Retention& retention);
std::string retention_text(const store::Retention& retention);

/// Content as documents show it: a JSON value, else text.
Value content_document(const store::Metadata& metadata, const std::string& content);

/// What an artifact's group is called in lists: its tag `type`, else `data`.
std::string group_of(const store::Metadata& metadata);

/// The order of groups in lists: log, file, resource, data, then others by name.
bool group_before(const std::string& a, const std::string& b);

}  // namespace swamp::cli
