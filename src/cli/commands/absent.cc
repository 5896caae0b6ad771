#include "cli/commands/absent.h"

namespace swamp::cli {
namespace {

constexpr std::string_view kLater = "later versions of this program will have it";
constexpr std::string_view kBuiltInTypes =
    "this version runs the built-in types; 'swamp model type search' lists them";
constexpr std::string_view kLocalStore =
    "this version keeps data in '.swamp' of the repository; link that folder elsewhere to move it";
constexpr std::string_view kNoServer =
    "this version has no server and no workers: commands run on this machine, as the user who "
    "types them";
constexpr std::string_view kNoAccount = "this version works without an account";
constexpr std::string_view kNoUpdates =
    "its settings are about updating itself, which this version does not do";
constexpr std::string_view kClone = "clone its repository with git";

/// `aliases` and `hidden_aliases` as in Command.
constexpr Command absent(std::string_view path, std::string_view summary, std::string_view instead,
                         std::string_view aliases = {}, std::string_view hidden_aliases = {}) {
  return {.path = path,
          .summary = summary,
          .aliases = aliases,
          .hidden_aliases = hidden_aliases,
          .instead = instead};
}

/// A word that people try; `instead` is what they want.
constexpr Command signpost(std::string_view path, std::string_view instead) {
  return {.path = path, .summary = instead, .hidden = true, .instead = instead};
}

constexpr Command kAbsent[] = {
    // models
    // workflows and runs
    absent("workflow trigger set", "Schedule a workflow", kLater),
    absent("workflow trigger get", "Show when a workflow starts by itself", kLater),
    absent("workflow trigger remove", "Take a schedule away", kLater),
    // data, vaults, reports
    absent("vault annotate", "Note something about a secret", kLater),
    absent("vault inspect", "Show what is known about a secret", kLater),
    absent("vault audit-trail", "Show who used which secret", kLater),
    absent("vault edit", "Change the configuration of a vault in an editor", kLater),
    absent("vault migrate", "Move secrets to another kind of vault", kLater),
    absent("report search", "List stored reports", kLater),
    absent("report get", "Show a report", kLater),
    absent("report describe", "Describe a kind of report", kLater),
    absent("report type search", "List kinds of reports", kLater, {}, "list"),
    absent("report list", "List kinds of reports", kLater),
    // extensions
    absent("extension pull", "Install an extension", kBuiltInTypes),
    absent("extension install", "Install what the lock file names", kBuiltInTypes),
    absent("extension list", "List installed extensions", kBuiltInTypes, "ls"),
    absent("extension rm", "Remove an extension", kBuiltInTypes, "remove"),
    absent("extension search", "Search the registry", kBuiltInTypes),
    absent("extension info", "Show what the registry knows of an extension", kBuiltInTypes),
    absent("extension update", "Update extensions", kBuiltInTypes),
    absent("extension outdated", "List extensions with newer versions", kBuiltInTypes),
    absent("extension version", "Print the next version of an extension", kBuiltInTypes),
    absent("extension trust list", "List trusted collectives", kBuiltInTypes),
    absent("extension trust add", "Trust a collective", kBuiltInTypes),
    absent("extension trust rm", "Stop trusting a collective", kBuiltInTypes),
    absent("extension trust auto-trust", "Trust the collectives one belongs to, or not",
           kBuiltInTypes),
    absent("extension source list", "List local sources of extensions", kBuiltInTypes),
    absent("extension source add", "Add a local source of extensions", kBuiltInTypes),
    absent("extension source rm", "Remove a local source of extensions", kBuiltInTypes),
    absent("extension fmt", "Format and lint an extension", kBuiltInTypes),
    absent("extension quality", "Score an extension", kBuiltInTypes),
    absent("extension push", "Publish an extension", kBuiltInTypes),
    absent("extension yank", "Withdraw a published version", kBuiltInTypes),
    absent("extension unyank", "Put a withdrawn version back", kBuiltInTypes),
    absent("extension deprecate", "Mark an extension as superseded", kBuiltInTypes),
    absent("extension undeprecate", "Take that mark away", kBuiltInTypes),
    absent("extension promote", "Move a version to another channel", kBuiltInTypes),
    // datastores
    absent("datastore status", "Show where data is kept", kLocalStore),
    absent("datastore setup", "Choose where data is kept", kLocalStore),
    absent("datastore setup filesystem", "Keep data in another folder", kLocalStore),
    absent("datastore setup extension", "Keep data in a store of an extension", kLocalStore),
    absent("datastore setup s3", "Keep data in S3", kLocalStore),
    absent("datastore sync", "Exchange data with a remote store", kLocalStore),
    absent("datastore lock status", "Show who holds locks", kLocalStore),
    absent("datastore lock release", "Break a lock", kLocalStore),
    absent("datastore compact", "Make the catalogue smaller", kLocalStore),
    absent("datastore migrate-index", "Bring the index of a store up to date", kLocalStore),
    absent("datastore namespace set", "Set the namespace of this repository", kLocalStore),
    absent("datastore namespace unset", "Take the namespace away", kLocalStore),
    absent("datastore namespace migrate", "Move data into the namespace", kLocalStore),
    absent("datastore namespace list", "List namespaces", kLocalStore),
    absent("datastore catalog pull", "Fetch the catalogue of other namespaces", kLocalStore),
    absent("datastore type search", "List kinds of datastores", kLocalStore, {}, "list"),
    // diagnosis
    absent("doctor audit", "Check the hook of an AI tool", kLater),
    absent("doctor datastores", "Check where data is kept", kLater),
    absent("doctor extensions", "Check installed extensions", kLater),
    absent("doctor install", "Check this program's installation", kLater),
    absent("doctor secrets", "Find secrets in clear text", kLater),
    absent("doctor vaults", "Check vaults", kLater),
    absent("doctor workflows", "Check workflow files", kLater),
    absent("summarise", "Summarise what happened", kLater, "summarize"),
    absent("audit", "Show the timeline of shell commands", kLater),
    absent("audit record", "Take a record from the hook of an AI tool", kLater),
    absent("telemetry stats", "Show what telemetry was collected", kLater),
    // account, server, fleet
    absent("access token mint", "Make a token for the server", kNoServer),
    absent("access token list", "List tokens", kNoServer),
    absent("access token revoke", "Revoke a token", kNoServer),
    absent("access token rotate", "Replace a token", kNoServer),
    absent("access grant create", "Allow or deny something", kNoServer),
    absent("access grant list", "List grants", kNoServer),
    absent("access grant revoke", "Take a grant back", kNoServer),
    absent("access group create", "Make a group", kNoServer),
    absent("access group add-member", "Add someone to a group", kNoServer),
    absent("access group remove-member", "Remove someone from a group", kNoServer),
    absent("access group list", "List groups", kNoServer),
    absent("access group list-idp", "List the groups of the identity provider", kNoServer),
    absent("access group members", "List the members of a group", kNoServer),
    absent("access can-i", "Ask the server whether something is allowed", kNoServer),
    absent("access check", "Check whether something is allowed", kNoServer),
    absent("access reload", "Read grants again", kNoServer),
    absent("worker token create", "Make a token for workers", kNoServer),
    absent("worker token list", "List tokens of workers", kNoServer),
    absent("worker token revoke", "Revoke a token", kNoServer),
    absent("worker list", "List workers", kNoServer),
    absent("worker queue", "Show what waits for a worker", kNoServer),
    absent("worker connect", "Be a worker", kNoServer),
    absent("worker verify", "Check workers", kNoServer),
    absent("worker daemon enable", "Run a worker as a service", kNoServer),
    absent("worker daemon disable", "Stop that service", kNoServer),
    absent("worker daemon status", "Show that service", kNoServer),
    absent("serve", "Serve workflows to browsers and agents", kNoServer),
    absent("serve reload", "Have the server read its configuration again", kNoServer),
    absent("serve daemon enable", "Run the server as a service", kNoServer),
    absent("serve daemon disable", "Stop that service", kNoServer),
    absent("serve daemon status", "Show that service", kNoServer),
    // account
    absent("auth login", "Log in to an account", kNoAccount),
    absent("auth logout", "Log out", kNoAccount),
    absent("auth whoami", "Show who is logged in", kNoAccount, "status"),
    absent("auth server-login", "Log in to a server", kNoAccount),
    absent("auth token create", "Make a token", kNoAccount),
    absent("issue search", "Search the tracker", kNoAccount),
    absent("issue get", "Show an entry of the tracker", kNoAccount),
    absent("issue edit", "Change an entry", kNoAccount),
    absent("issue bug", "Report a bug", kNoAccount),
    absent("issue feature", "Ask for a feature", kNoAccount),
    absent("issue security", "Report a weakness", kNoAccount),
    absent("issue ripple", "Comment on an entry", kNoAccount, "comment"),
    absent("quest", "Show achievements", kNoAccount),
    // this program itself
    absent("update", "Update this program",
           "build the new version with 'make', or install its package"),
    absent("config get", "Show a setting of this program", kNoUpdates),
    absent("config set", "Change a setting of this program", kNoUpdates),
    absent("config list", "List the settings of this program", kNoUpdates),
    absent("source fetch", "Download the source of this program", kClone),
    absent("source path", "Show where that source lies", kClone),
    absent("source clean", "Delete that source", "delete the clone"),
    absent("agent setup", "Set up a custom AI tool", "pass the tool to 'swamp init --tool'"),
    absent("agent list", "List custom AI tools", "the repository's '.swamp.yaml' names its tools"),
    absent("agent rm", "Remove a custom AI tool",
           "'swamp repo upgrade --tool' sets the list of tools"),
    // signposts
    signpost("report run",
             "'swamp report get' shows a report; it is made by the run of its method or workflow"),
    signpost("extension init",
             "write a folder with a 'manifest.yaml' and add it with 'swamp extension source add'"),
    signpost("vault status", "'swamp vault get' shows one vault, 'swamp vault search' all"),
    signpost("data show", "use 'swamp data get'"),
    signpost("workflow status", "use 'swamp workflow history get'"),
    signpost("upgrade", "'swamp repo upgrade' refreshes a repository"),
};

}  // namespace

std::span<const Command> absent_commands() {
  return kAbsent;
}

}  // namespace swamp::cli
