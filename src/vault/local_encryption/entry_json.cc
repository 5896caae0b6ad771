#include "vault/local_encryption/entry_json.h"

#include <fmt/format.h>

#include "value/json.h"

namespace swamp::vault {

namespace {

Error not_a(std::string_view what, std::string_view name, std::string_view key) {
  return {ErrorCode::invalid_input,
          fmt::format("'{}' holds no {}: '{}' is wrong", name, what, key)};
}

std::optional<std::string> optional_text(const Value& document, std::string_view key) {
  const Value& field = document[key];
  return field.is_string() ? std::optional(field.as_string()) : std::nullopt;
}

std::optional<Timestamp> time_of(const Value& field) {
  return field.is_string() ? parse_iso8601(field.as_string()) : std::nullopt;
}

}  // namespace

std::string write_annotation(const Annotation& annotation) {
  Map document{{"updatedAt", to_iso8601(annotation.updated_at)}};
  if (annotation.url) document.set("url", *annotation.url);
  if (annotation.notes) document.set("notes", *annotation.notes);
  if (!annotation.labels.empty()) {
    Map labels;
    for (const auto& [key, text] : annotation.labels)
      labels.set(key, text);
    document.set("labels", std::move(labels));
  }
  return write_json(document);
}

Result<Annotation> parse_annotation(std::string_view text, std::string_view name) {
  SWAMP_TRY(const Value document, parse_json(text, name));
  const auto updated_at = time_of(document["updatedAt"]);
  if (!updated_at) return fail(not_a("annotation", name, "updatedAt"));
  Annotation annotation{.updated_at = *updated_at,
                        .url = optional_text(document, "url"),
                        .notes = optional_text(document, "notes")};
  if (document["labels"].is_map()) {
    for (const auto& [key, label] : document["labels"].as_map()) {
      if (!label.is_string()) return fail(not_a("annotation", name, "labels"));
      annotation.labels.emplace_back(key, label.as_string());
    }
  }
  return annotation;
}

std::string write_refresh_hook(const RefreshHook& hook) {
  const Value last = hook.last_refreshed_at ? Value(to_iso8601(*hook.last_refreshed_at)) : Value();
  return write_json(Map{{"command", hook.command},
                        {"ttlMs", std::int64_t{hook.ttl.count()}},
                        {"ttl", to_ttl_text(hook.ttl)},
                        {"lastRefreshedAt", last}});
}

Result<RefreshHook> parse_refresh_hook(std::string_view text, std::string_view name) {
  SWAMP_TRY(const Value document, parse_json(text, name));
  RefreshHook hook;
  if (!document["command"].is_string()) return fail(not_a("refresh hook", name, "command"));
  hook.command = document["command"].as_string();
  const Value& ttl = document["ttlMs"];
  // Beyond a hundred thousand years the difference of two times would overflow.
  if (!ttl.is_number() || !(ttl.to_double() >= 0 && ttl.to_double() < 1e16)) {
    return fail(not_a("refresh hook", name, "ttlMs"));
  }
  hook.ttl = std::chrono::milliseconds(static_cast<std::int64_t>(ttl.to_double()));
  const Value& last = document["lastRefreshedAt"];
  hook.last_refreshed_at = time_of(last);
  if (!hook.last_refreshed_at && !last.is_null()) {
    return fail(not_a("refresh hook", name, "lastRefreshedAt"));
  }
  return hook;
}

}  // namespace swamp::vault
