#pragma once

#include <chrono>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "spec/field.h"
#include "yaml/document.h"

// What decoders of documents share. Not for other rooms.
namespace swamp::spec {

/// Everything that is wrong with one document.
class Problems {
 public:
  void add(Error error) { errors_.push_back(std::move(error)); }
  void add(SourceSpan where, std::string message, std::string hint = {});
  /// The error of a check that knows no place, at a place.
  void add(SourceSpan where, Error error);
  /// An error with its `also`, one by one.
  void add_all(Error error);

  bool empty() const { return errors_.empty(); }
  std::vector<Error> take() { return std::move(errors_); }

 private:
  std::vector<Error> errors_;
};

/// A key that people write though it does not exist here, and what they should write instead.
struct KeyHint {
  std::string_view key;
  std::string_view hint;
};

/// Whether a text looks like one `${{ … }}` and nothing else. Only the ends are looked at: whether
/// it compiles to one expression is for validation to say.
bool looks_like_expression(std::string_view text);

/// The value of a node with all its places, and its expressions where `pointers` (relative to the
/// node) allow them.
Field field_of(const yaml::Node& node);
Field field_of(const yaml::Node& node, const std::vector<std::string>& pointers);

/// `step 'deploy'`, or `step` when the node has no such text under `key`.
std::string label(std::string_view noun, const yaml::Node& node, std::string_view key = "name");

/// Reads the keys of one map. Every question marks its key, a literal, as known; finish() reports
/// the others. What cannot be read is reported and counts as absent, so that one pass finds every
/// problem.
class MapReader {
 public:
  /// `what` begins messages: `step 'deploy'`. When the node is no map, that is the only thing
  /// reported.
  MapReader(const yaml::Node& node, std::string what, Problems& problems);

  const std::string& what() const { return what_; }
  const yaml::Node& node() const { return node_; }
  SourceSpan where() const { return node_.where(); }

  const yaml::Node* find(std::string_view key);
  /// Reports when the key is missing.
  const yaml::Node* require(std::string_view key, std::string_view hint = {});

  // Texts are never empty, except where a Field may hold one (`description`, `prompt`).
  std::optional<std::string> text(std::string_view key);
  std::string required_text(std::string_view key, std::string_view hint = {});
  Field text_field(std::string_view key);
  Field filled_text_field(std::string_view key);
  Field required_text_field(std::string_view key, std::string_view hint = {});
  /// One of `choices`, by index.
  std::optional<std::size_t> choice(std::string_view key,
                                    std::span<const std::string_view> choices);

  std::optional<bool> flag(std::string_view key);
  std::optional<double> number(std::string_view key,
                               double lowest = -std::numeric_limits<double>::max());
  std::optional<int> integer(std::string_view key, int lowest);
  /// A time limit of ours: `30s`, `5m`, a bare number is seconds.
  std::optional<std::chrono::milliseconds> time_limit(std::string_view key);
  /// A bare number of seconds, as the original's keys have it.
  enum class Zero : std::uint8_t { allowed, refused };
  std::optional<std::chrono::milliseconds> seconds(std::string_view key, Zero zero);

  Field map_field(std::string_view key);
  Field text_map_field(std::string_view key);
  Field map_or_expression(std::string_view key);
  Field text_list_field(std::string_view key);
  std::vector<std::string> texts(std::string_view key);

  /// The elements of a list, or the entries of a map; empty when the key is absent or something
  /// else.
  std::span<const yaml::Node> items(std::string_view key);
  std::span<const yaml::Node> required_items(std::string_view key, std::string_view hint);
  std::span<const yaml::Entry> entries(std::string_view key);

  /// Reports a value that is not what it must be: `'weight' of step 'a' must be a number, not a
  /// text`.
  void wrong(std::string_view key, const yaml::Node& value, std::string_view expected,
             std::string hint = {});

  /// Reports every key that nobody asked for.
  void finish(std::span<const KeyHint> hints = {}) { finish(hints, problems_); }
  void finish(std::span<const KeyHint> hints, Problems& problems);

  Problems& problems() { return problems_; }

 private:
  const yaml::Node* find_text(std::string_view key);
  void check_texts(std::string_view key, const yaml::Node& list);

  const yaml::Node& node_;
  std::string what_;
  Problems& problems_;
  std::vector<std::string_view> known_;  // keys are literals
};

}  // namespace swamp::spec
