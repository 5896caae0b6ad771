#pragma once

#include <vector>

#include "yaml/tree.h"

namespace swamp::yaml {

/// Puts entries into a mapping and keeps every name unique. A key of the mapping itself wins over
/// one that `<<` brought, before or after it; of several that `<<` brings the first wins.
class MappingBuilder {
 public:
  explicit MappingBuilder(Content& mapping) : mapping_(mapping) {}

  /// Adds an entry of the mapping itself. The entry that has the name already, if one does; then
  /// nothing is added.
  const Entry* add(Entry entry);

  /// Adds an entry that comes from elsewhere, unless its name is there; whether it was added.
  bool merge(const Entry& entry);

  /// To be called last.
  void finish();

 private:
  static constexpr std::size_t kIndexFrom = 17;  // below this a look at every name is faster

  std::optional<std::size_t> find(std::string_view name) const;
  void append(Entry entry, bool merged);

  Content& mapping_;
  std::vector<bool> merged_;
  NameIndex index_;
};

}  // namespace swamp::yaml
