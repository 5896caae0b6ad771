#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/method_runner.h"
#include "engine/method_services.h"
#include "engine/type_schemas.h"
#include "model/method_context.h"

namespace swamp::engine {

/// The ports of one running method: what it writes becomes versions in the store under the policies
/// of its spec, its definition and its step; what it prints goes to the listener; its secrets go to
/// a vault.
class CallContext final : public model::MethodContext {
 public:
  /// All outlive the context.
  CallContext(const MethodCall& call, MethodServices& services, TypeSchemas& schemas,
              MethodListener& listener);

  const model::Instance& instance() const override { return call_.instance; }
  std::string_view method_name() const override { return call_.method; }
  const Value& arguments() const override { return call_.arguments; }
  const Value& global_arguments() const override { return call_.global_arguments; }
  driver::Environment& environment() override { return *call_.environment; }
  std::string working_directory() const override { return call_.working_directory; }
  std::map<std::string, std::string> process_variables() const override {
    return call_.process_variables;
  }
  driver::Input process_input() const override { return call_.process_input; }
  Task<model::Handle> write_resource(std::string spec, std::string name, Value data,
                                     model::WriteOptions options) override;
  Result<std::unique_ptr<model::FileWriter>> open_file(std::string_view spec, std::string_view name,
                                                       model::WriteOptions options) override;
  Result<std::optional<Value>> read_resource(std::string_view name) override;
  void output(driver::Chunk::Stream stream, std::string_view line) override;
  std::unique_ptr<model::StreamFilter> redactor() const override;
  Task<Value> run_model(model::ModelCall call) override;
  Timestamp now() const override;

  /// Everything written so far, in order.
  std::vector<WrittenArtifact>& written() { return written_; }

  /// Writes a report's half: not a spec of the type, so under tags of its own.
  Result<> write_report(std::string name, std::string content_type, std::string content,
                        store::Tags tags, std::vector<WrittenArtifact>& into);

 private:
  class ContextFile;

  /// What the spec, the definition and the step say together about one output.
  struct Policy {
    std::string lifetime;
    store::Retention retention;
    std::string vault;
    store::Tags tags;
  };
  Result<Policy> policy_of(std::string_view spec, std::string_view kind, std::string lifetime,
                           Value retention,
                           const std::vector<std::pair<std::string, std::string>>& spec_tags,
                           const model::WriteOptions& options) const;
  store::Tags tags_of(std::string_view kind, std::string_view spec,
                      const std::vector<std::pair<std::string, std::string>>& spec_tags,
                      const model::WriteOptions& options) const;
  store::Owner owner() const;
  std::string vary_suffix(std::string_view spec) const;
  std::string data_name(std::string_view spec, std::string_view name) const;
  Task<Value> keep_sensitive_fields(const model::ResourceSpec& spec, std::string name,
                                    std::string vault, std::uint32_t version, Value data);

  const MethodCall& call_;
  MethodServices& services_;
  TypeSchemas& schemas_;
  MethodListener& listener_;
  std::vector<WrittenArtifact> written_;
};

/// The tags that every artifact of a call carries beyond those of its spec, in order: workflow
/// tags, where it came from, who asked, `--tag`.
store::Tags provenance_tags(const Provenance& provenance);

}  // namespace swamp::engine
