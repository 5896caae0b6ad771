#include "yaml/document.h"

#include <algorithm>

#include <fmt/format.h>

#include "yaml/tree.h"

namespace swamp::yaml {
namespace {

SourceSpan span_of(const Content& content, Position at, std::uint32_t length) {
  return {.source = content.tree->source, .line = at.line, .column = at.column, .length = length};
}

/// The position of `byte`, which is not before `from`.
Position advance(std::string_view text, Position from, std::size_t byte) {
  for (; from.byte < byte && from.byte < text.size(); ++from.byte) {
    const char c = text[from.byte];
    if (c == '\n') {
      ++from.line;
      from.column = 1;
    } else if ((c & 0xC0) != 0x80) {
      ++from.column;
    }
  }
  return from;
}

}  // namespace

Node::Kind Node::kind() const {
  return content_->kind;
}
SourceSpan Node::where() const {
  return span_of(*content_, content_->begin, content_->length);
}
const Value& Node::value() const {
  return content_->value;
}
Style Node::style() const {
  return content_->style;
}
std::span<const Node> Node::items() const {
  return content_->items;
}
std::span<const Entry> Node::entries() const {
  return content_->entries;
}

const std::string& Node::text() const {
  return content_->value.is_string() ? content_->value.as_string() : content_->plain_text;
}

const Entry* Node::find_entry(std::string_view name) const {
  const auto& entries = content_->entries;
  if (content_->index) {
    const auto found = content_->index->find(name);
    return found != content_->index->end() ? &entries[found->second] : nullptr;
  }
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const Entry& entry) { return entry.name == name; });
  return found != entries.end() ? &*found : nullptr;
}

const Node* Node::find(std::string_view name) const {
  const Entry* entry = find_entry(name);
  return entry != nullptr ? &entry->value : nullptr;
}

Error Node::error(std::string message, std::string hint) const {
  return Error{.code = ErrorCode::invalid_input,
               .message = std::move(message),
               .where = where(),
               .hint = std::move(hint)};
}

namespace {

tl::unexpected<Error> not_a(std::string_view wanted, const Node& node) {
  return fail(node.error(fmt::format("expected a {}, found a {}", wanted, node.kind_name())));
}

}  // namespace

Result<std::string> Node::as_string() const {
  if (is_string()) return value().as_string();
  const bool needs_quotes = is_scalar() && !is_null();
  auto error = not_a("string", *this);
  if (needs_quotes) error.value().hint = fmt::format("put it in quotes: '{}'", text());
  return error;
}

Result<bool> Node::as_bool() const {
  if (value().is_bool()) return value().as_bool();
  return not_a("boolean", *this);
}

Result<std::int64_t> Node::as_int() const {
  if (value().kind() == Value::Kind::int64) return value().as_int();
  return not_a("whole number", *this);
}

Result<double> Node::as_double() const {
  if (value().is_number()) return value().to_double();
  return not_a("number", *this);
}

Result<std::span<const Node>> Node::as_sequence() const {
  if (is_sequence()) return items();
  return not_a("list", *this);
}

Result<std::span<const Entry>> Node::as_mapping() const {
  if (is_mapping()) return entries();
  return not_a("map", *this);
}

SourceSpan Node::place_in(std::size_t offset, std::uint32_t length) const {
  if (!is_scalar()) return where();
  const std::size_t byte = find_in_source(*content_, std::min(offset, text().size()));
  const Position at = advance(content_->tree->source->text, content_->begin, byte);
  return span_of(*content_, at, std::max(1U, length));
}

Value Node::to_value() const {
  switch (kind()) {
    case Kind::scalar:
      return value();
    case Kind::sequence: {
      List list;
      list.reserve(items().size());
      for (const Node& item : items()) {
        list.push_back(item.to_value());
      }
      return list;
    }
    case Kind::mapping: {
      std::vector<Map::Entry> members;
      members.reserve(entries().size());
      for (const Entry& entry : entries()) {
        members.emplace_back(entry.name, entry.value.to_value());
      }
      return Map::from(std::move(members));
    }
  }
  return {};
}

std::string_view Node::kind_name() const {
  if (is_sequence()) return "list";
  return is_mapping() ? "map" : swamp::kind_name(value());
}

Node Document::root() const {
  return Tree::node(tree_->root);
}
const Source& Document::source() const {
  return tree_->source;
}

}  // namespace swamp::yaml
