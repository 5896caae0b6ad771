#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "value/value.h"

namespace swamp::yaml {

struct Content;
struct Entry;
struct Tree;

/// How a scalar was written.
enum class Style : std::uint8_t { plain, single_quoted, double_quoted, literal, folded };

/// One place of a YAML document: a scalar, a sequence or a mapping. A handle of one pointer that
/// stays good as long as its Document, or a copy of that, lives. An alias is the very node it
/// names.
class Node {
 public:
  enum class Kind : std::uint8_t { scalar, sequence, mapping };

  Kind kind() const;
  bool is_scalar() const { return kind() == Kind::scalar; }
  bool is_sequence() const { return kind() == Kind::sequence; }
  bool is_mapping() const { return kind() == Kind::mapping; }
  bool is_null() const { return is_scalar() && value().is_null(); }
  bool is_string() const { return is_scalar() && value().is_string(); }

  /// The whole of a one-line scalar; else where the node begins.
  SourceSpan where() const;

  /// What a scalar means under the core schema of YAML 1.2: `yes` is a string, `0x10` a number.
  /// Null for the others.
  const Value& value() const;
  /// The text of a scalar without its quotes, escapes and folds; empty for the others.
  const std::string& text() const;
  Style style() const;

  /// Empty for all but sequences.
  std::span<const Node> items() const;
  /// In order of the file, `<<` merged, no name twice. Empty for all but mappings.
  std::span<const Entry> entries() const;
  /// The value of the entry with this name; null when there is none.
  const Node* find(std::string_view name) const;
  const Entry* find_entry(std::string_view name) const;

  // The node as what a reader wants it to be; else an error that says what it is and where.
  Result<std::string> as_string() const;
  Result<bool> as_bool() const;
  Result<std::int64_t> as_int() const;
  Result<double> as_double() const;
  Result<std::span<const Node>> as_sequence() const;
  Result<std::span<const Entry>> as_mapping() const;

  /// What is wrong with this node, at its place.
  Error error(std::string message, std::string hint = {}) const;

  /// Where the byte `offset` of text() is written in the source, for an error inside it. Exact but
  /// for lines of a folded scalar that do not appear as they are (then the beginning of the
  /// scalar).
  SourceSpan place_in(std::size_t offset, std::uint32_t length = 1) const;

  /// The node as data, without places.
  Value to_value() const;

  /// `text`, `number`, `list`, `map`, …: for messages.
  std::string_view kind_name() const;

 private:
  friend struct Tree;
  explicit Node(const Content* content) : content_(content) {}

  const Content* content_;
};

/// A key and its value. A key that is no string goes by its text: `1: x` has the name "1".
struct Entry {
  std::string name;
  Node key;
  Node value;
};

/// One parsed file. Copies share the tree.
class Document {
 public:
  explicit Document(std::shared_ptr<const Tree> tree) : tree_(std::move(tree)) {}

  /// An empty file is a null.
  Node root() const;
  const Source& source() const;

  Value to_value() const { return root().to_value(); }

 private:
  std::shared_ptr<const Tree> tree_;
};

}  // namespace swamp::yaml
