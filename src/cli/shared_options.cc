#include "cli/command.h"

namespace swamp::cli {
namespace {

using Type = Option::Type;

constexpr Option kGlobalOptions[] = {
    {.name = "json",
     .doc = "print the result as one JSON document; ask nothing and take every question as "
            "answered with yes"},
    {.name = "log", .doc = "print the lines of a run as a log, also on a terminal"},
    {.name = "log-level",
     .type = Type::text,
     .value = "level",
     .doc = "how much to tell besides results: debug and trace as --verbose, error and fatal as "
            "--quiet",
     .choices = "trace|debug|info|warning|error|fatal",
     .env = "SWAMP_LOG_LEVEL"},
    {.name = "quiet",
     .letter = 'q',
     .doc = "results and errors only; the output of a step only when it fails"},
    {.name = "verbose", .letter = 'v', .doc = "more detail"},
    {.name = "no-telemetry", .doc = "nothing is ever sent by this version, with or without it"},
    {.name = "show-properties", .doc = "add the ids behind each line of a run's log"},
    {.name = "no-color", .doc = "no colours, neither here nor in what is started (as NO_COLOR)"},
};

constexpr std::string_view kNoServer =
    "leave it out: this version runs every command on this machine";

constexpr Option kRepo[] = {
    {.name = "repo-dir",
     .type = Type::text,
     .value = "dir",
     .doc = "the repository, when it is not the one around the current folder",
     .env = "SWAMP_REPO_DIR"},
};
constexpr Option kServer[] = {
    {.name = "server",
     .type = Type::text,
     .value = "url",
     .doc = "send the command to a running 'swamp serve'",
     .env = "SWAMP_SERVE_URL",
     .instead = kNoServer},
    {.name = "token",
     .type = Type::text,
     .value = "name.secret",
     .doc = "who asks the server",
     .instead = kNoServer},
};
constexpr Option kCaCert[] = {
    {.name = "ca-cert",
     .type = Type::text,
     .value = "path",
     .doc = "certificates that the server's is checked against",
     .instead = kNoServer},
};
constexpr Option kYes[] = {
    {.name = "yes", .letter = 'y', .doc = "don't ask"},
    {.name = "force", .letter = 'f', .doc = "don't ask"},
};
constexpr Option kInputs[] = {
    {.name = "input",
     .type = Type::text,
     .value = "key=value",
     .doc = "an input: a.b=x nests, a:json=[1] is JSON, a=@file is a file's content; or a whole "
            "JSON object",
     .repeatable = true},
    {.name = "arg",
     .type = Type::text,
     .value = "key=value",
     .doc = "as --input",
     .repeatable = true,
     .hidden = true},
    {.name = "input-file",
     .type = Type::text,
     .value = "yaml",
     .doc = "a YAML or JSON file with inputs; --input goes over it"},
    {.name = "input-expr",
     .type = Type::text,
     .value = "key=cel",
     .doc = "an input that is the result of a CEL expression",
     .repeatable = true},
};
constexpr Option kRecords[] = {
    {.name = "stdin",
     .doc = "read inputs from standard input: an object, a list of objects (one run each), NDJSON "
            "or YAML",
     .conflicts = "input-file"},
};
constexpr Option kSelection[] = {
    {.name = "tag",
     .type = Type::text,
     .value = "key=value",
     .doc = "a tag for everything that is written",
     .repeatable = true},
    {.name = "skip-checks", .doc = "leave out all pre-flight checks"},
    {.name = "skip-check",
     .type = Type::text,
     .value = "name",
     .doc = "leave out this check",
     .repeatable = true},
    {.name = "skip-check-label",
     .type = Type::text,
     .value = "label",
     .doc = "leave out checks with this label",
     .repeatable = true},
    {.name = "skip-reports", .doc = "leave out all reports"},
    {.name = "skip-report",
     .type = Type::text,
     .value = "name",
     .doc = "leave out this report",
     .repeatable = true},
    {.name = "skip-report-label",
     .type = Type::text,
     .value = "label",
     .doc = "leave out reports with this label",
     .repeatable = true},
    {.name = "report",
     .type = Type::text,
     .value = "name",
     .doc = "only this report",
     .repeatable = true},
    {.name = "report-label",
     .type = Type::text,
     .value = "label",
     .doc = "only reports with this label",
     .repeatable = true},
};
constexpr Option kTrace[] = {
    {.name = "traceparent",
     .type = Type::text,
     .value = "id",
     .doc = "the W3C trace that the run belongs to",
     .env = "TRACEPARENT"},
    {.name = "tracestate",
     .type = Type::text,
     .value = "state",
     .doc = "the W3C trace state beside it",
     .env = "TRACESTATE"},
};

constexpr Option kViews[] = {
    {.name = "junit",
     .doc = "print the asserts of the run as JUnit XML",
     .conflicts = "json stream"},
    {.name = "out",
     .type = Type::text,
     .value = "file",
     .doc = "with --junit: write the XML there",
     .needs = "junit"},
    kStreamOption,
};

constexpr SharedOptions kShared[] = {
    {Shared::inputs, kInputs}, {Shared::records, kRecords}, {Shared::selection, kSelection},
    {Shared::views, kViews},   {Shared::trace, kTrace},     {Shared::yes, kYes},
    {Shared::repo, kRepo},     {Shared::server, kServer},   {Shared::ca_cert, kCaCert},
};

}  // namespace

std::span<const Option> global_options() {
  return kGlobalOptions;
}

std::span<const SharedOptions> shared_options() {
  return kShared;
}

}  // namespace swamp::cli
