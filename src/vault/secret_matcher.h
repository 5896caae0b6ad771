#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "value/value.h"
#include "vault/form_search.h"
#include "vault/line_joiner.h"
#include "vault/secret.h"
#include "vault/secret_automaton.h"
#include "vault/secret_forms.h"

namespace swamp::vault {

/// What stands in the place of a secret.
inline constexpr std::string_view kMask = "***";

/// Some secrets and what finds them.
struct SecretLayer {
  static std::shared_ptr<const SecretLayer> make(std::vector<Secret> secrets);

  std::vector<Secret> secrets;
  SecretAutomaton texts;    // looked for in the text as it is
  SecretAutomaton encoded;  // looked for where line ends were taken out (LineJoiner)
};

/// A set of secrets, ready to be found in texts. Immutable, so any thread may use it.
///
/// It has several layers, each about twice as large as the next: a secret that joins later makes
/// a small one anew rather than the large one, so that n secrets coming one by one cost n log n.
class SecretMatcher {
 public:
  using Layers = std::vector<std::shared_ptr<const SecretLayer>>;

  SecretMatcher() = default;
  explicit SecretMatcher(Layers layers) : layers_(std::move(layers)) {}

  /// This set and some secrets that are not in it.
  SecretMatcher with(std::vector<Secret> secrets) const;

  bool empty() const { return layers_.empty(); }
  const Layers& layers() const { return layers_; }

  std::string mask(std::string_view text) const;

  /// See Redactor::mask_leaves.
  Value mask_leaves(const Value& value) const;

 private:
  Layers layers_;
};

/// One pass over a text that comes in chunks.
///
/// The text so far is shown up to the place where the earliest form may still begin; the rest, less
/// than the longest form, is held. A find that overlaps the one before it, shown or not, becomes
/// part of it.
class MaskScan {
 public:
  explicit MaskScan(std::shared_ptr<const SecretMatcher> matcher);
  ~MaskScan();
  MaskScan(MaskScan&&) noexcept = default;
  MaskScan& operator=(MaskScan&&) noexcept = default;

  /// Appends to `out` what can be shown.
  void feed(std::string_view chunk, std::string& out);
  void finish(std::string& out);

  /// Goes on with other secrets; what is held is looked at again.
  void change(std::shared_ptr<const SecretMatcher> matcher, std::string& out);

 private:
  using Find = FormSearch::Find;

  void search_from(std::uint64_t origin, LineJoiner::Before before);
  void search(std::string_view chunk);
  void merge_finds();
  void show(std::uint64_t until, std::string_view chunk, std::string& out);
  void copy(std::uint64_t from, std::uint64_t until, std::string_view chunk,
            std::string& out) const;
  std::uint64_t first_undecided() const;

  std::shared_ptr<const SecretMatcher> matcher_;
  // One for each layer; their places count from origin_.
  std::vector<FormSearch> texts_;
  std::vector<FormSearch> encoded_;  // in what the joiner gives
  LineJoiner joiner_;
  std::uint64_t origin_ = 0;
  std::uint64_t joined_ = 0;  // bytes that the joiner gave
  // Places count bytes from the begin of the text. Held is [shown_, read_) outside of feed().
  std::uint64_t read_ = 0;
  std::uint64_t shown_ = 0;
  std::uint64_t masked_until_ = 0;  // what lies before it is part of a find that was shown
  std::string held_;
  std::vector<Find> finds_;  // not shown yet
};

}  // namespace swamp::vault
