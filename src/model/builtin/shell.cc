#include "model/builtin/shell.h"

#include "model/builtin/shell_call.h"
#include "value/json.h"

namespace swamp::model {
namespace {

// The schemas are those that `type describe` shows, key order included: agents read them.
constexpr std::string_view kArguments = R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "properties": {
    "run": {"type": "string", "minLength": 1,
      "description": "Command for 'sh -c'; a secret in it reaches the shell as a variable"},
    "workingDir": {"description": "Folder to run in; default: the workspace, else where swamp was called",
      "type": "string"},
    "timeout": {"description": "Milliseconds after which the command is ended", "type": "integer",
      "exclusiveMinimum": 0, "maximum": 9007199254740991},
    "env": {"description": "Variables added to the environment", "type": "object",
      "propertyNames": {"type": "string"}, "additionalProperties": {"type": "string"}},
    "ignoreExitCode": {"description": "Succeed whatever the exit code, and keep the output", "type": "boolean"}
  },
  "required": ["run"],
  "additionalProperties": false
})json";

constexpr std::string_view kResult = R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "properties": {
    "exitCode": {"type": "integer", "minimum": -9007199254740991, "maximum": 9007199254740991,
      "description": "Exit code of the command; 128 + n when signal n ended it, -1 when it ran out of time"},
    "executedAt": {"type": "string", "format": "date-time",
      "pattern": "^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d+)?)?(?:Z))$",
      "description": "When the command was started"},
    "command": {"type": "string", "description": "The command; a secret shows as its expression"},
    "durationMs": {"description": "How long the command ran", "type": "integer", "minimum": 0,
      "maximum": 9007199254740991},
    "stdout": {"description": "What it printed, without the final newline; head and tail beyond 16 MiB",
      "type": "string"},
    "stderr": {"description": "The same for its error output", "type": "string"},
    "truncated": {"description": "Set when stdout or stderr is head and tail only; the log has everything",
      "type": "boolean"}
  },
  "required": ["exitCode", "executedAt", "command"],
  "additionalProperties": false
})json";

class ShellBody final : public MethodBody {
 public:
  Task<> run(MethodContext& context) const override { return run_shell_call(context); }
};

}  // namespace

std::shared_ptr<const Type> make_shell_type() {
  auto type = std::make_shared<Type>();
  type->raw = type->normalized = "command/shell";
  type->version = "2026.02.09.1";
  type->concurrent = true;
  type->resources = {ResourceSpec{.name = "result",
                                  .description = "Exit code, output and timing of the command",
                                  .schema = *parse_json(kResult)}};
  type->files = {
      FileSpec{.name = "log", .description = "Everything the command printed", .streaming = true}};
  type->methods = {Method{.name = "execute",
                          .description = "Run a command and keep what it printed",
                          .arguments_schema = *parse_json(kArguments),
                          .body = std::make_shared<ShellBody>()}};
  return type;
}

}  // namespace swamp::model
