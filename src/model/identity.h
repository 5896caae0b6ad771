#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "model/method_context.h"
#include "value/value.h"

namespace swamp::model {

/// What of a run must not make two runs of one workflow differ in their instances.
struct IdentityContext {
  std::string_view
      secret_key;  // key of the HMAC over secret strings; kept with the repository's secrets
  std::string_view workspace_path = {};  // empty: none
  std::string_view run_id = {};
  std::string_view run_started_at = {};
};

/// The ephemeral instance of `type` (normalized) with these global arguments as the workflow
/// evaluated them, before coercion, defaults and injection.
///
/// Identity is SHA-256 over the type, a NUL and the RFC 8785 form of the arguments, in which a
/// string that is exactly a vault's secret enters as U+0000 `vault:<vault>/<key>`, any other secret
/// string as U+0000 and the hex HMAC-SHA-256 of its value, and the run's workspace path, id and
/// start time as U+0000 and `workspace.path`, `run.id`, `run.startedAt`. So the same step has the
/// same instance in every run, and no secret can be guessed from a name. The id is the first 128
/// bits as a version 8 UUID, the name `<last segment of the type>-<first 12 hex>`.
///
/// Fails with invalid_input when an argument holds a literal U+0000.
Result<Instance> identify(std::string_view type, const Value& global_arguments,
                          const IdentityContext& context);

}  // namespace swamp::model
