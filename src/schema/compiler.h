#pragma once

#include <deque>
#include <functional>
#include <unordered_map>
#include <vector>

#include "schema/program.h"
#include "schema/schema.h"

namespace swamp::schema {

/// Turns schema documents into a Program. Schemas wait in a queue, so that neither their nesting
/// nor a long chain of references costs stack. Used once.
class Compiler {
 public:
  Compiler(Program& program, const Options& options) : program_(program), options_(options) {}

  Result<void> compile(const Value& schema);

  // What follows is for makers of keywords.

  /// The node of a schema, which may be compiled only later.
  const Node* node(Site site);
  Result<const Node*> reference(const Resource& from, std::string_view uri);
  Result<Site> resolve(const Resource& from, std::string_view uri) {
    return program_.documents.resolve(from, uri);
  }

  /// `add` is called, before compiling ends, for every resource that marks a schema with this
  /// dynamic anchor.
  using AddCandidate = std::function<void(const Resource&, const Node&)>;
  void on_dynamic_anchor(std::string name, AddCandidate add);

  void track_seen() { program_.tracks_seen = true; }
  bool asserts_formats() const { return options_.assert_formats; }

 private:
  struct Pending {
    Node* node;
    Site site;
  };
  struct Listener {
    std::string anchor;
    AddCandidate add;
    std::size_t told = 0;  // resources
  };

  Result<void> compile_pending();
  Result<void> compile_node(Node& node, const Site& site);
  bool tell_listeners();

  Program& program_;
  const Options& options_;
  std::unordered_map<const Value*, const Node*> by_schema_;
  std::deque<Pending> pending_;
  std::deque<Listener> listeners_;
};

}  // namespace swamp::schema
