#pragma once

#include <map>
#include <memory>
#include <string>

#include "spec/definition.h"
#include "spec/workflow.h"

namespace swamp::repo {

/// Documents that were read, by path.
struct ReadDocuments {
  template <class Document>
  using ByPath = std::map<std::string, std::shared_ptr<const Document>, std::less<>>;

  ByPath<spec::Definition> definitions;
  ByPath<spec::Workflow> workflows;

  std::size_t size() const { return definitions.size() + workflows.size(); }
};

}  // namespace swamp::repo
