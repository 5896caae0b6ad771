#pragma once

#include <unordered_map>
#include <vector>

#include "yaml/event_reader.h"
#include "yaml/parse.h"
#include "yaml/tree.h"

namespace swamp::yaml {

class MappingBuilder;

/// Builds the tree of one document from its events. Used once.
///
/// What is wrong with a node (a key twice, an unknown tag) is noted and composing goes on, so that
/// one look at a file shows all of it; what is wrong with the text, or over a limit, ends it.
class Composer {
 public:
  Composer(Source source, const Limits& limits);

  Result<Document> compose();

 private:
  using Composed = Result<const Content*>;

  Result<void> compose_stream();
  Composed compose_node(std::size_t depth);
  Composed compose_scalar();
  Composed compose_alias();
  Result<void> compose_items(Content& sequence, std::size_t depth);
  Result<void> compose_entries(Content& mapping, std::size_t depth);

  Content& add_content(Node::Kind kind, const yaml_char_t* anchor, const yaml_char_t* tag);
  void check_collection_tag(const Content& content, const yaml_char_t* tag,
                            std::string_view wanted);
  Position skip_properties(Position at) const;
  void resolve(Content& scalar, std::string text, bool plain, const yaml_char_t* tag);
  void add_entry(MappingBuilder& builder, const Content& key, const Content& value);
  Result<void> merge(Content& mapping, MappingBuilder& builder, const Content& from,
                     std::size_t depth);
  Result<void> account(Content& parent, const Content& child, std::size_t depth);

  void problem(const Position& at, std::uint32_t length, std::string message,
               std::string hint = {});
  tl::unexpected<Error> stop(const Position& at, std::string message, std::string hint = {});

  Limits limits_;
  std::shared_ptr<Tree> tree_;
  EventReader reader_;
  std::unordered_map<std::string, const Content*>
      anchors_;  // null while the node is being composed
  std::vector<Error> problems_;
  std::size_t merged_ = 0;  // entries looked at for `<<`
};

}  // namespace swamp::yaml
