#pragma once

#include <optional>
#include <string>

#include "engine/dry_run.h"
#include "engine/foresight.h"

// How single steps are foreseen. Each function notes in the step what it would be given, and as its
// error what is known to go wrong; it fails only when the task is cancelled.
namespace swamp::engine {

/// A name that was evaluated, as a text. Fails when it is none.
Result<std::string> name_in(const Foreseen& seen, std::string_view key);

/// Foresees a field and notes it, if it is set.
Task<Foreseen> add_field(std::string key, spec::Field field, Foresight& foresight, DryStep& out);

Task<> foresee_call(EngineServices& services, const spec::ModelMethodTask& task,
                    Foresight& foresight, DryStep& out);

/// A false assertion of less severity than `fail_on` is an allowed failure.
Task<> foresee_assert(const spec::AssertTask& task, std::optional<spec::Severity> fail_on,
                      Foresight& foresight, DryStep& out);

}  // namespace swamp::engine
