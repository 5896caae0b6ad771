#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/container/deque.hpp>

#include "yaml/document.h"

namespace swamp::yaml {

/// A place of the source, counted in every way that is needed. Bytes from 0, line and column
/// from 1.
struct Position {
  std::uint32_t byte = 0;
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

/// Positions of a mapping's entries by name. A tree, since nobody can choose keys that make it
/// slow.
using NameIndex = std::map<std::string, std::uint32_t, std::less<>>;

/// What a Node is a handle of.
struct Content {
  const Tree* tree = nullptr;
  Node::Kind kind = Node::Kind::scalar;
  Style style = Style::plain;
  Position begin = {};
  std::uint32_t end = 0;     // the byte behind a scalar
  std::uint32_t length = 1;  // in columns
  std::uint32_t height = 1;  // levels from here down
  std::size_t nodes = 1;     // this and all below, aliases written out

  Value value = {};
  std::string plain_text = {};  // of a scalar whose value is no string
  std::vector<Node> items = {};
  std::vector<Entry> entries = {};
  std::unique_ptr<NameIndex> index = {};  // only for mappings large enough to profit
};

/// Never moves what is in it. Blocks of the standard one hold three of these.
using Contents =
    boost::container::deque<Content, void,
                            boost::container::deque_options_t<boost::container::block_size<64>>>;

struct Tree {
  Source source;
  Contents contents;
  const Content* root = nullptr;

  Content& add(Node::Kind kind) {
    return contents.emplace_back(Content{.tree = this, .kind = kind});
  }
  static Node node(const Content* content) { return Node(content); }
  static const Content* content(const Node& node) { return node.content_; }
};

/// The byte of the source at which byte `offset` of the scalar's text is written.
std::size_t find_in_source(const Content& scalar, std::size_t offset);

}  // namespace swamp::yaml
