#pragma once

#include "engine/names/name_context.h"

namespace swamp::engine {

/// The record that expressions see of a version: its content parsed, and every reference to a
/// secret, where the type has a sensitive field, replaced by the secret itself.
Task<Value> record_of(const NameContext& context, store::Artifact artifact, bool is_latest);

/// A record that a query gave, with its secrets in place.
Task<Value> with_secrets_in(const NameContext& context, Value record);

/// Parsed JSON of a version with its secrets in place.
Task<Value> content_of(const NameContext& context, store::Artifact artifact);

/// The rows that a filter finds, newest knowledge of this run included: what is ephemeral hides
/// what is kept.
Task<std::vector<store::CatalogRow>> find_rows(const NameContext& context,
                                               store::CatalogFilter filter);

}  // namespace swamp::engine
