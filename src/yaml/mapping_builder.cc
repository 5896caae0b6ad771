#include "yaml/mapping_builder.h"

#include <algorithm>

namespace swamp::yaml {

std::optional<std::size_t> MappingBuilder::find(std::string_view name) const {
  const auto& entries = mapping_.entries;
  if (entries.size() >= kIndexFrom) {
    const auto found = index_.find(name);
    return found != index_.end() ? std::optional<std::size_t>(found->second) : std::nullopt;
  }
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const Entry& entry) { return entry.name == name; });
  return found != entries.end() ? std::optional<std::size_t>(found - entries.begin())
                                : std::nullopt;
}

void MappingBuilder::append(Entry entry, bool merged) {
  auto& entries = mapping_.entries;
  entries.push_back(std::move(entry));
  merged_.push_back(merged);
  const std::size_t first_new = entries.size() == kIndexFrom ? 0 : entries.size() - 1;
  for (std::size_t i = first_new; i < entries.size() && entries.size() >= kIndexFrom; ++i) {
    index_.emplace(entries[i].name, static_cast<std::uint32_t>(i));
  }
}

const Entry* MappingBuilder::add(Entry entry) {
  const auto at = find(entry.name);
  if (!at) {
    append(std::move(entry), false);
    return nullptr;
  }
  if (!merged_[*at]) return &mapping_.entries[*at];
  mapping_.entries[*at] = std::move(entry);
  merged_[*at] = false;
  return nullptr;
}

bool MappingBuilder::merge(const Entry& entry) {
  if (find(entry.name)) return false;
  append(entry, true);
  return true;
}

void MappingBuilder::finish() {
  if (!index_.empty()) mapping_.index = std::make_unique<NameIndex>(std::move(index_));
}

}  // namespace swamp::yaml
