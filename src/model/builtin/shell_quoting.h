#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "value/value.h"

namespace swamp::model {

/// A script for `sh -c` in which no secret stands, and the variables that hold them.
struct SafeScript {
  std::string text;
  std::map<std::string, std::string> variables =
      {};  // secret values: for the process and nothing else
};

/// Takes the secret parts of a command out of its text: each becomes a reference to a variable
/// (`__SWAMP_VAULT_0`, …), in double quotes unless it stands within double quotes or an unquoted
/// here-document, so that the shell never reads a secret as code. A command that is secret as a
/// whole is run by `eval` of its variable.
///
/// Fails with invalid_input when a secret stands where the shell replaces nothing: in single quotes
/// or in a here-document whose word is quoted.
Result<SafeScript> take_out_secrets(const Value& command);

}  // namespace swamp::model
