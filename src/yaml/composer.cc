#include "yaml/composer.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/suggest.h"
#include "yaml/core_schema.h"
#include "yaml/mapping_builder.h"

namespace swamp::yaml {
namespace {

constexpr std::size_t kMaxProblems = 100;
constexpr std::string_view kTagPrefix = "tag:yaml.org,2002:";

std::string_view view(const yaml_char_t* text) {
  return reinterpret_cast<const char*>(text);
}

/// `!!int` for `tag:yaml.org,2002:int`.
std::string tag_as_written(std::string_view tag) {
  if (!tag.starts_with(kTagPrefix)) return std::string(tag);
  return fmt::format("!!{}", tag.substr(kTagPrefix.size()));
}

Style style_of(yaml_scalar_style_t style) {
  switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE:
      return Style::single_quoted;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
      return Style::double_quoted;
    case YAML_LITERAL_SCALAR_STYLE:
      return Style::literal;
    case YAML_FOLDED_SCALAR_STYLE:
      return Style::folded;
    default:
      return Style::plain;
  }
}

/// The meaning of `text` under an explicit tag; empty when it has none.
std::optional<Value> resolve_tagged(std::string_view type, std::string_view text) {
  if (type == "str") return Value(text);
  const auto value = resolve_plain(text);
  if (!value) return std::nullopt;
  const bool fits = (type == "null" && value->is_null()) || (type == "bool" && value->is_bool()) ||
                    (type == "int" && value->is_integer()) ||
                    (type == "float" && value->is_number());
  if (!fits) return std::nullopt;
  return type == "float" ? Value(value->to_double()) : *value;
}

bool is_scalar_type(std::string_view type) {
  return type == "str" || type == "null" || type == "bool" || type == "int" || type == "float";
}

/// The name of an entry whose key is no string.
std::string key_name(const Node& key) {
  if (key.is_null()) return "null";
  if (key.value().is_bool()) return key.value().as_bool() ? "true" : "false";
  return key.text();
}

bool is_merge_key(const Node& key) {
  return key.is_string() && key.style() == Style::plain && key.text() == "<<";
}

}  // namespace

Composer::Composer(Source source, const Limits& limits)
    : limits_(limits), tree_(std::make_shared<Tree>()), reader_(source) {
  tree_->source = std::move(source);
}

Result<Document> Composer::compose() {
  if (auto composed = compose_stream(); !composed) problems_.push_back(std::move(composed).error());
  if (!problems_.empty()) return fail(combine(std::move(problems_)));
  return Document(std::move(tree_));
}

Result<void> Composer::compose_stream() {
  SWAMP_CHECK(reader_.next());  // the stream starts
  SWAMP_CHECK(reader_.next());
  if (reader_.type() == YAML_STREAM_END_EVENT) {
    tree_->root = &tree_->add(Node::Kind::scalar);
    return {};
  }
  SWAMP_CHECK(reader_.next());  // behind the start of the document
  SWAMP_TRY(tree_->root, compose_node(1));
  SWAMP_CHECK(reader_.next());  // the document ends
  SWAMP_CHECK(reader_.next());
  if (reader_.type() == YAML_STREAM_END_EVENT) return {};
  return stop(reader_.position(reader_.event().start_mark), "a second document begins here",
              "a file holds one document: remove this '---' and what follows");
}

Composer::Composed Composer::compose_node(std::size_t depth) {
  const yaml_event_t& event = reader_.event();
  if (event.type == YAML_ALIAS_EVENT) return compose_alias();
  if (event.type == YAML_SCALAR_EVENT) return compose_scalar();
  if (depth > limits_.depth) {
    return stop(reader_.position(event.start_mark),
                fmt::format("nested more than {} levels deep", limits_.depth));
  }
  const bool is_sequence = event.type == YAML_SEQUENCE_START_EVENT;
  const yaml_char_t* tag =
      is_sequence ? event.data.sequence_start.tag : event.data.mapping_start.tag;
  const yaml_char_t* anchor =
      is_sequence ? event.data.sequence_start.anchor : event.data.mapping_start.anchor;
  const std::string name(anchor != nullptr ? view(anchor) : "");
  Content& content =
      add_content(is_sequence ? Node::Kind::sequence : Node::Kind::mapping, anchor, tag);
  check_collection_tag(content, tag, is_sequence ? "seq" : "map");
  SWAMP_CHECK(is_sequence ? compose_items(content, depth) : compose_entries(content, depth));
  if (!name.empty()) anchors_[name] = &content;
  return &content;
}

Content& Composer::add_content(Node::Kind kind, const yaml_char_t* anchor, const yaml_char_t* tag) {
  Content& content = tree_->add(kind);
  content.begin = reader_.position(reader_.event().start_mark);
  if (anchor != nullptr || tag != nullptr) content.begin = skip_properties(content.begin);
  if (anchor != nullptr) anchors_[std::string(view(anchor))] = nullptr;
  return content;
}

/// Behind anchors, tags and what separates them from the node.
Position Composer::skip_properties(Position at) const {
  const std::string_view text = tree_->source->text;
  const auto skip_while = [&](auto wanted) {
    for (; at.byte < text.size() && wanted(text[at.byte]); ++at.byte) {
      const char c = text[at.byte];
      if (c == '\n') at = {.byte = at.byte, .line = at.line + 1, .column = 0};
      if ((c & 0xC0) != 0x80) ++at.column;
    }
  };
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (at.byte < text.size() &&
         (text[at.byte] == '&' || text[at.byte] == '!' || text[at.byte] == '#')) {
    if (text[at.byte] == '#') {
      skip_while([](char c) { return c != '\n'; });
    } else {
      skip_while([&](char c) { return !is_space(c); });
    }
    skip_while(is_space);
  }
  return at;
}

void Composer::check_collection_tag(const Content& content, const yaml_char_t* tag,
                                    std::string_view wanted) {
  if (tag == nullptr || view(tag) == fmt::format("{}{}", kTagPrefix, wanted)) return;
  problem(content.begin, 1, fmt::format("tag '{}' does not fit here", tag_as_written(view(tag))),
          "remove the tag");
}

Composer::Composed Composer::compose_scalar() {
  const auto& scalar = reader_.event().data.scalar;
  const std::string name(scalar.anchor != nullptr ? view(scalar.anchor) : "");
  std::string text(reinterpret_cast<const char*>(scalar.value), scalar.length);
  const Style style = style_of(scalar.style);
  const bool is_nothing = style == Style::plain && text.empty();
  // Nothing follows the properties of a node that is nothing: it is where they are.
  Content& content = is_nothing ? add_content(Node::Kind::scalar, nullptr, nullptr)
                                : add_content(Node::Kind::scalar, scalar.anchor, scalar.tag);
  content.style = style;
  const Position end = reader_.position(reader_.event().end_mark);
  content.end = end.byte;
  const bool on_one_line = end.line == content.begin.line && end.column > content.begin.column;
  if (on_one_line) content.length = end.column - content.begin.column;
  resolve(content, std::move(text), style == Style::plain, scalar.tag);
  if (!name.empty()) anchors_[name] = &content;
  return &content;
}

void Composer::resolve(Content& scalar, std::string text, bool plain, const yaml_char_t* tag) {
  std::optional<Value> value;
  if (tag == nullptr) {
    value = plain ? resolve_plain(text) : Value(text);
    if (!value) {
      problem(scalar.begin, scalar.length, fmt::format("number '{}' is too large", text),
              "put it in quotes if it is a text");
    }
  } else {
    const std::string written = tag_as_written(view(tag));
    const bool known = written.starts_with("!!") && is_scalar_type(written.substr(2));
    if (known) value = resolve_tagged(written.substr(2), text);
    if (!known)
      problem(scalar.begin, scalar.length, fmt::format("unknown tag '{}'", written),
              "remove the tag");
    if (known && !value) {
      problem(scalar.begin, scalar.length,
              fmt::format("'{}' is not what its tag '{}' says", text, written));
    }
  }
  scalar.value = value ? *std::move(value) : Value();
  if (!scalar.value.is_string()) scalar.plain_text = std::move(text);
}

Composer::Composed Composer::compose_alias() {
  const yaml_event_t& event = reader_.event();
  const std::string name(view(event.data.alias.anchor));
  const Position at = reader_.position(event.start_mark);
  const auto length = static_cast<std::uint32_t>(name.size() + 1);
  const auto anchor = anchors_.find(name);
  if (anchor != anchors_.end() && anchor->second != nullptr) return anchor->second;
  if (anchor != anchors_.end()) {
    problem(at, length, fmt::format("alias '*{}' is inside the node that it names", name));
  } else {
    std::vector<std::string> names;
    for (const auto& [known, content] : anchors_) {
      names.push_back(known);
    }
    std::sort(names.begin(), names.end());
    problem(at, length, fmt::format("alias '*{}' names no anchor above it", name),
            did_you_mean(name, names));
  }
  Content& nothing = tree_->add(Node::Kind::scalar);
  nothing.begin = at;
  nothing.end = at.byte;
  return &nothing;
}

Result<void> Composer::account(Content& parent, const Content& child, std::size_t depth) {
  parent.nodes += child.nodes;
  parent.height = std::max(parent.height, child.height + 1);
  if (parent.nodes > limits_.nodes) {
    return stop(
        parent.begin,
        fmt::format("more than {} values, counting each alias as what it names", limits_.nodes));
  }
  if (depth - 1 + parent.height > limits_.depth + 1) {
    return stop(parent.begin, fmt::format("nested more than {} levels deep", limits_.depth));
  }
  return {};
}

Result<void> Composer::compose_items(Content& sequence, std::size_t depth) {
  for (;;) {
    SWAMP_CHECK(reader_.next());
    if (reader_.type() == YAML_SEQUENCE_END_EVENT) return {};
    SWAMP_TRY(const Content* item, compose_node(depth + 1));
    sequence.items.push_back(Tree::node(item));
    SWAMP_CHECK(account(sequence, *item, depth));
  }
}

Result<void> Composer::compose_entries(Content& mapping, std::size_t depth) {
  MappingBuilder builder(mapping);
  for (;;) {
    SWAMP_CHECK(reader_.next());
    if (reader_.type() == YAML_MAPPING_END_EVENT) break;
    SWAMP_TRY(const Content* key, compose_node(depth + 1));
    SWAMP_CHECK(reader_.next());
    SWAMP_TRY(const Content* value, compose_node(depth + 1));
    if (is_merge_key(Tree::node(key))) {
      SWAMP_CHECK(merge(mapping, builder, *value, depth));
    } else {
      add_entry(builder, *key, *value);
      SWAMP_CHECK(account(mapping, *value, depth));
    }
  }
  builder.finish();
  return {};
}

void Composer::add_entry(MappingBuilder& builder, const Content& key, const Content& value) {
  const Node key_node = Tree::node(&key);
  if (!key_node.is_scalar()) {
    return problem(key.begin, key.length, fmt::format("a {} cannot be a key", key_node.kind_name()),
                   "put the key in quotes if it is a text");
  }
  std::string name = key_node.is_string() ? key_node.text() : key_name(key_node);
  const Entry* old = builder.add({.name = name, .key = key_node, .value = Tree::node(&value)});
  if (old == nullptr) return;
  const SourceSpan first = old->key.where();
  problem(key.begin, key.length,
          fmt::format("key '{}' is given twice, first at {}:{}", name, first.line, first.column),
          "remove one of the two");
}

Result<void> Composer::merge(Content& mapping, MappingBuilder& builder, const Content& from,
                             std::size_t depth) {
  const Node node = Tree::node(&from);
  const bool is_list = node.is_sequence();
  const Node alone[] = {node};
  for (const Node& one : is_list ? node.items() : std::span<const Node>(alone)) {
    if (!one.is_mapping()) {
      problem(from.begin, from.length,
              fmt::format("'<<' takes a map or a list of maps, not a {}", one.kind_name()));
      return {};
    }
    merged_ += one.entries().size();
    if (merged_ > limits_.nodes) {
      return stop(from.begin, fmt::format("more than {} values are merged by '<<'", limits_.nodes));
    }
    for (const Entry& entry : one.entries()) {
      if (builder.merge(entry)) SWAMP_CHECK(account(mapping, *Tree::content(entry.value), depth));
    }
  }
  return {};
}

void Composer::problem(const Position& at, std::uint32_t length, std::string message,
                       std::string hint) {
  if (problems_.size() == kMaxProblems) return;
  problems_.push_back(Error{.code = ErrorCode::invalid_input,
                            .message = std::move(message),
                            .where = reader_.span(at, length),
                            .hint = std::move(hint)});
}

tl::unexpected<Error> Composer::stop(const Position& at, std::string message, std::string hint) {
  return fail(Error{.code = ErrorCode::invalid_input,
                    .message = std::move(message),
                    .where = reader_.span(at),
                    .hint = std::move(hint)});
}

}  // namespace swamp::yaml
