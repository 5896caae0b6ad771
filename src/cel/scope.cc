#include <functional>

#include "cel/program.h"

namespace swamp::cel {

namespace {

void mix(std::size_t& hash, std::size_t more) {
  hash ^= more + 0x9E3779B97F4A7C15 + (hash << 6) + (hash >> 2);
}

std::size_t hash_of(const Value& value) {
  if (value.is_number()) return std::hash<double>()(value.to_double());
  if (value.is_string()) return std::hash<std::string>()(value.as_string());
  if (value.is_bool()) return value.as_bool() ? 1 : 2;
  std::size_t hash = 3;
  if (value.is_list()) {
    for (const Value& item : value.as_list()) {
      mix(hash, hash_of(item));
    }
  }
  if (value.is_map()) mix(hash, value.as_map().size());  // equal maps may have another order
  return hash;
}

std::size_t hash_of(const Ask& ask) {
  std::size_t hash = std::hash<std::string>()(ask.name);
  for (const Value& argument : ask.arguments) {
    mix(hash, hash_of(argument));
  }
  return hash;
}

}  // namespace

void Answers::add(Ask ask, Result<Value> answer) {
  if (find(ask) != nullptr) return;
  const std::size_t hash = hash_of(ask);
  answers_.emplace(hash, std::pair(std::move(ask), std::move(answer)));
}

const Result<Value>* Answers::find(const Ask& ask) const {
  if (answers_.empty()) return nullptr;
  const auto [begin, end] = answers_.equal_range(hash_of(ask));
  for (auto at = begin; at != end; ++at) {
    if (at->second.first == ask) return &at->second.second;
  }
  return nullptr;
}

std::vector<std::string> PlainScope::names() const {
  std::vector<std::string> names;
  for (const auto& [name, value] : variables_) {
    names.push_back(name);
  }
  return names;
}

}  // namespace swamp::cel
