#pragma once

#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/result.h"

// How tests of this room write down what is wrong with a document.
namespace swamp::spec {

/// `14:20 message` for an error and for each of its `also`; with `help: …` behind it when there is
/// a hint.
inline std::vector<std::string> problems_of(const Error& error) {
  std::vector<std::string> lines;
  const auto add = [&lines](const Error& each) {
    std::string line =
        each.where ? fmt::format("{}:{} ", each.where->line, each.where->column) : "? ";
    line += each.message;
    if (!each.hint.empty()) line += " | help: " + each.hint;
    lines.push_back(std::move(line));
  };
  add(error);
  for (const auto& other : error.also)
    add(other);
  return lines;
}

}  // namespace swamp::spec
