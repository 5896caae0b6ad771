#include "repo/document_files.h"

#include "os/file.h"
#include "spec/definition_yaml.h"
#include "spec/workflow_yaml.h"
#include "yaml/parse.h"

namespace swamp::repo {
namespace {

Result<yaml::Document> read_document(const Repo& repo, const std::string& path) {
  SWAMP_TRY(auto text, os::read_file(repo.root() / path, yaml::Limits().bytes));
  return yaml::parse(std::move(text), path);
}

/// `acme/web` of `models/acme/web/site.yaml`.
std::string type_of_folder(std::string_view path) {
  for (const std::string_view folder :
       {"models/", ".swamp/auto-definitions/", ".swamp/definitions-evaluated/"}) {
    if (!path.starts_with(folder)) continue;
    path.remove_prefix(folder.size());
    const auto end = path.rfind('/');
    return std::string(path.substr(0, end == path.npos ? 0 : end));
  }
  return {};
}

}  // namespace

Result<spec::Definition> read_definition_file(const Repo& repo, const std::string& path) {
  SWAMP_TRY(const auto document, read_document(repo, path));
  return spec::decode_definition(document, type_of_folder(path));
}

Result<spec::Workflow> read_workflow_file(const Repo& repo, const std::string& path) {
  SWAMP_TRY(const auto document, read_document(repo, path));
  return spec::decode_workflow(document);
}

}  // namespace swamp::repo
