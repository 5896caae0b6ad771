#pragma once

#include <compare>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "value/value.h"

namespace swamp::store {

/// Texts by name, in the order in which they were first set.
class Tags {
 public:
  using Entry = std::pair<std::string, std::string>;
  using value_type = Entry;
  using const_iterator = std::vector<Entry>::const_iterator;

  Tags() = default;
  Tags(std::initializer_list<Entry> entries);

  const std::string* find(std::string_view name) const;
  /// The text of `name`, or empty.
  std::string_view get(std::string_view name) const;
  /// Sets `name`: in its old place when it is there, else at the end.
  void set(std::string name, std::string text);
  /// Sets everything that `other` has.
  void merge(const Tags& other);
  bool erase(std::string_view name);

  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  const_iterator begin() const { return entries_.begin(); }
  const_iterator end() const { return entries_.end(); }

  Value to_value() const;
  /// Scalars become texts. Fails with invalid_input when `value` is no map of scalars; null is no
  /// tags.
  static Result<Tags> from_value(const Value& value);

  friend bool operator==(const Tags&, const Tags&) = default;

 private:
  std::vector<Entry> entries_;
};

/// Who wrote a version. An empty text means that the key is absent.
struct Owner {
  std::string definition_hash;        // of old files; kept, never made
  std::string type = "model-method";  // model-method, workflow-step, manual
  std::string ref;                    // the model's id
  std::string workflow_id;
  std::string workflow_run_id;
  std::string workflow_name;
  std::string job_name;
  std::string step_name;
  std::string source;
  std::uint32_t attempt = 1;  // of the step; written only when above 1

  friend bool operator==(const Owner&, const Owner&) = default;
};

/// How many or how old the versions are that garbage collection keeps: a number (at least 1), or an
/// age as parse_age() reads it (`30d`).
using Retention = std::variant<std::int64_t, std::string>;

enum class Lifecycle : std::uint8_t { active, deleted };
std::string_view to_string(Lifecycle lifecycle);

/// What `metadata.yaml` says about one version.
struct Metadata {
  std::string id;  // new for every version; a tombstone keeps that of the version it follows
  std::string name;
  std::uint32_t version = 0;  // from 1
  std::string content_type;
  std::string lifetime = "infinite";
  Retention retention = std::int64_t{10};
  bool streaming = false;
  Tags tags;
  Owner owner;
  Timestamp created_at{};
  std::optional<std::uint64_t> size;
  std::string checksum;  // SHA-256 of the content as 64 hex digits; empty when absent
  Lifecycle lifecycle = Lifecycle::active;
  std::string renamed_to;  // only of a tombstone that forwards to another name

  bool is_json() const { return content_type == "application/json"; }
  /// Whether the content is text that may be shown and loaded as such.
  bool is_text() const;

  /// The document as the original writes it: its keys, its order, nothing that is absent.
  Value to_value() const;
  /// Fails with invalid_input when a required key is missing or of another kind; unknown keys are
  /// dropped.
  static Result<Metadata> from_value(const Value& value);

  friend bool operator==(const Metadata&, const Metadata&) = default;
};

/// One instance of a model type; `type` is normalized.
struct Instance {
  std::string type;
  std::string model_id;
  friend auto operator<=>(const Instance&, const Instance&) = default;
};

/// One data name of one instance: what has versions.
struct ArtifactKey {
  std::string type;
  std::string model_id;
  std::string name;

  Instance instance() const { return {type, model_id}; }
  friend auto operator<=>(const ArtifactKey&, const ArtifactKey&) = default;
};

/// One version as records point to it. Records of runs and outputs hold `dataId`, `name`,
/// `version`, `tags`; the rest is known only to who has just written or read it.
struct ArtifactRef {
  std::string data_id;
  std::string name;
  std::uint32_t version = 0;
  Tags tags;
  std::string type;      // empty when read from a record
  std::string model_id;  // empty when read from a record
  std::uint64_t size = 0;
  std::string checksum;

  ArtifactKey key() const { return {type, model_id, name}; }
  Value to_value() const;  // the four keys of records
  static Result<ArtifactRef> from_value(const Value& value);

  friend bool operator==(const ArtifactRef&, const ArtifactRef&) = default;
};

/// One version that exists.
struct Artifact {
  ArtifactKey key;
  Metadata metadata;

  ArtifactRef ref() const;
  friend bool operator==(const Artifact&, const Artifact&) = default;
};

/// Whether `name` may name data: not empty, no `..`, `/`, `\` or NUL, not `latest` in any case.
/// Fails with invalid_input.
Result<> check_data_name(std::string_view name);

/// Whether `lifetime` is `ephemeral`, `infinite`, `job`, `workflow` or an age. Fails with
/// invalid_input. An age of zero means `workflow`: that is what is returned for it.
Result<std::string> check_lifetime(std::string_view lifetime);

/// Fails with invalid_input unless it is a count of at least 1 or an age above zero.
Result<> check_retention(const Retention& retention);

/// A policy as schemas and files write it: a number or a text.
Result<Retention> parse_retention(const Value& value);

}  // namespace swamp::store
