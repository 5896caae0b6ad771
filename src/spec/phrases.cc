#include "spec/phrases.h"

#include <fmt/format.h>

namespace swamp::spec {

std::string alternatives(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

std::string path_of(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, " -> "));
}

}  // namespace swamp::spec
