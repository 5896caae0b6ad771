#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "spec/workflow.h"

// What can be said of a list of jobs, or of the steps of one job, from its arrows alone. Not for
// other rooms.
namespace swamp::spec {

/// The nodes and arrows of one list of jobs or steps.
class NameGraph {
 public:
  explicit NameGraph(const Workflow& workflow);
  NameGraph(const Workflow& workflow, const Job& job);

  /// Names that stand more than once.
  std::vector<Error> duplicates() const;
  /// Dependencies on names that are not there.
  std::vector<Error> unknown_targets() const;
  /// Each cycle as a path: `steps wait for each other: a -> b -> a`.
  std::vector<Error> cycles() const;
  /// Nodes whose conditions can never hold, whatever happens. Meaningful only where there is no
  /// other error.
  std::vector<Error> dead_nodes() const;

  /// Whether `name` waits for `upstream`, directly or over others.
  bool is_upstream(std::string_view upstream, std::string_view name) const;

 private:
  struct Node {
    std::string_view name;
    SourceSpan where;
    const std::vector<Dependency>* depends_on;
    bool may_be_skipped;  // for a reason of its own, such as a guard
    bool is_loop = false;
  };
  using Index = std::size_t;
  static constexpr Index kNone = static_cast<Index>(-1);

  void add(Node node);
  void link();
  Index find(std::string_view name) const;
  std::string hint_for(std::string_view unknown) const;
  struct Frame;
  Error cycle_error(const std::vector<Frame>& path, Index back_to) const;
  std::vector<Index> topological_order() const;
  std::vector<Index> ancestors_of(Index node, std::size_t at_most) const;
  struct Wish;
  std::vector<Wish> wishes_of(Index node, const std::vector<unsigned>& possible) const;
  std::optional<Error> why_dead(Index node, const std::vector<Wish>& wishes,
                                const std::vector<Index>& ranks) const;
  bool can_hold_together(Index node, const std::vector<Index>& ancestors) const;

  const Workflow& workflow_;
  std::string noun_;    // `job` or `step`
  std::string within_;  // ` of job 'main'`, or empty
  std::vector<Node> nodes_;
  std::vector<std::pair<std::string_view, Index>> by_name_;  // sorted, the first of equal names
  std::vector<std::vector<Index>> upstreams_;  // in order of depends_on; kNone where unknown
};

}  // namespace swamp::spec
