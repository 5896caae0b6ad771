#pragma once

#include "base/result.h"
#include "engine/method_runner.h"
#include "engine/method_services.h"

namespace swamp::engine {

/// What listeners hear of a written version: attributes of JSON up to 64 KiB, redacted as stored.
ArtifactInfo info_of(const WrittenArtifact& written);

/// SHA-256 of a definition's compact JSON, keys sorted at every depth, without type and type
/// version. An ephemeral instance counts as a definition of its id, name and (redacted) global
/// arguments.
std::string definition_hash(const MethodCall& call);

/// What the output record of a call says from its beginning.
store::OutputRecord record_of_call(const MethodCall& call, Timestamp started_at);

/// Writes the output record of a call that has ended, once.
Result<> write_output_record(const MethodCall& call, MethodServices& services, Timestamp started_at,
                             const MethodOutcome& outcome);

}  // namespace swamp::engine
