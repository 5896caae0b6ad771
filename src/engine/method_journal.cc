#include "engine/method_journal.h"

#include "engine/method_record.h"

namespace swamp::engine {

Result<MethodJournal> MethodJournal::begin(const store::Layout& layout, std::string_view run_id,
                                           const MethodCall& call, const Clock& clock) {
  SWAMP_TRY(auto journal, store::Journal::create(layout.journal(run_id)));
  auto record = record_of_call(call, clock.now());
  record.id = run_id;
  record.status = store::OutputStatus::running;
  journal->append(Map{{"kind", "method"},
                      {"model", call.instance.name},
                      {"type", call.instance.type},
                      {"record", record.to_value()},
                      {"at", to_iso8601(clock.now())}});
  return MethodJournal(std::move(journal), clock);
}

Task<> MethodJournal::conclude(const MethodOutcome& outcome, store::Artifacts& artifacts) {
  List entries;
  std::vector<std::filesystem::path> sync_first;
  for (const auto* written : {&outcome.written, &outcome.report_artifacts}) {
    for (const WrittenArtifact& one : *written) {
      if (one.artifact.metadata.lifetime == "ephemeral") continue;
      entries.push_back(store::to_journal(one.artifact, one.content));
      if (one.artifact.metadata.size.value_or(0) > store::kWholeContentLimit) {
        sync_first.push_back(artifacts.content_path(one.artifact));
      }
    }
  }
  const auto last = journal_->append(Map{{"kind", "method-ended"},
                                         {"succeeded", outcome.succeeded},
                                         {"at", to_iso8601(clock_.now())},
                                         {"artifacts", std::move(entries)}},
                                     std::move(sync_first));
  SWAMP_CO_CHECK(artifacts.flush());
  SWAMP_CO_CHECK(co_await journal_->durable(last));
  SWAMP_CO_CHECK(journal_->seal());
  co_return Result<>{};
}

std::optional<JournaledCall> call_of(const store::Journal::Content& content) {
  if (content.records.empty()) return std::nullopt;
  const Value& begun = content.records.front();
  if (begun["kind"] != Value("method")) return std::nullopt;
  if (!begun["model"].is_string() || !begun["type"].is_string()) return std::nullopt;
  auto record = store::OutputRecord::from_value(begun["record"]);
  if (!record) return std::nullopt;
  JournaledCall call{.model = begun["model"].as_string(),
                     .type = begun["type"].as_string(),
                     .record = *std::move(record)};
  call.ended = content.records.back()["kind"] == Value("method-ended");
  return call;
}

}  // namespace swamp::engine
