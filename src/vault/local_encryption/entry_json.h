#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "vault/provider.h"

namespace swamp::vault {

// What is said of a secret, as the JSON text that its envelope holds:
//
//   annotation    {"updatedAt": time, "url"?: s, "notes"?: s, "labels"?: {k: s}}    labels only
//   when there are some refresh hook  {"command": s, "ttlMs": n, "ttl": s, "lastRefreshedAt": time
//   | null}    ttl is for people
//
// Reading fails with invalid_input; `name` is what a message calls the text.

std::string write_annotation(const Annotation& annotation);
Result<Annotation> parse_annotation(std::string_view text, std::string_view name);

std::string write_refresh_hook(const RefreshHook& hook);
Result<RefreshHook> parse_refresh_hook(std::string_view text, std::string_view name);

}  // namespace swamp::vault
