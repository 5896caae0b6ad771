#pragma once

#include <cstdint>

#include "base/result.h"

namespace swamp::cli {

/// How the process ends: one code for one outcome, whatever the output mode.
enum class ExitCode : std::uint8_t {
  success = 0,        // also: suspended at a gate, a question answered with no, help
  failure = 1,        // a failed or cancelled run, a failed check, anything refused
  usage = 2,          // the command line itself is wrong
  lock_timeout = 75,  // somebody else held a lock for too long; trying again may help
  interrupted = 130,  // a signal ended the command before it had a result
};

/// The code of a command that ended with an error.
inline ExitCode exit_code_of(const Error& error) {
  if (error.name == "usage") return ExitCode::usage;
  if (error.name == "lock_timeout") return ExitCode::lock_timeout;
  if (error.code == ErrorCode::cancelled) return ExitCode::interrupted;
  return ExitCode::failure;
}

}  // namespace swamp::cli
