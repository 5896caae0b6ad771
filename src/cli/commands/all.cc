#include <array>

#include "cli/command_table.h"
#include "cli/commands/absent.h"

namespace swamp::cli {

// The rows themselves stand in the files of the commands.
extern const Command kInitCommand;
extern const Command kRepoInitCommand, kRepoUpgradeCommand;
extern const Command kModelCreateCommand, kModelGetCommand, kModelSearchCommand, kModelEditCommand,
    kModelDeleteCommand, kModelEvaluateCommand, kModelCancelCommand, kModelValidateCommand,
    kModelMethodRunCommand, kModelMethodDescribeCommand, kModelMethodHistoryCommand,
    kModelMethodHistoryGetCommand, kModelMethodHistorySearchCommand, kModelMethodHistoryLogsCommand,
    kModelOutputCommand, kModelOutputGetCommand, kModelOutputSearchCommand, kModelOutputLogsCommand,
    kModelOutputDataCommand, kModelTypeSearchCommand, kModelTypeDescribeCommand;
extern const Command kWorkflowCreateCommand, kWorkflowGetCommand, kWorkflowSearchCommand,
    kWorkflowEditCommand, kWorkflowDeleteCommand, kWorkflowEvaluateCommand,
    kWorkflowValidateCommand, kWorkflowSchemaGetCommand, kWorkflowRunCommand,
    kWorkflowRunSearchCommand, kWorkflowHistoryCommand, kWorkflowHistoryGetCommand,
    kWorkflowHistorySearchCommand, kWorkflowHistoryLogsCommand;
extern const Command kRunHistoryCommand, kRunDoctorCommand, kRunGcCommand;
extern const Command kDataGetCommand, kDataListCommand, kDataSearchCommand, kDataQueryCommand,
    kDataVersionsCommand, kDataRenameCommand, kDataDeleteCommand, kDataGcCommand, kDataPruneCommand;
extern const Command kVaultCreateCommand, kVaultPutCommand, kVaultGetCommand, kVaultDescribeCommand,
    kVaultListKeysCommand, kVaultReadSecretCommand, kVaultDeleteCommand, kVaultSearchCommand,
    kVaultTypeSearchCommand;
extern const Command kWorkflowApprovalsCommand, kWorkflowApproveCommand, kWorkflowRejectCommand,
    kWorkflowResumeCommand, kWorkflowCancelCommand, kWorkflowGraphCommand;
extern const Command kExprEvalCommand, kExprCheckCommand, kExprConformanceCommand;
extern const Command kVersionCommand;
extern const Command kHelpCommand;
extern const Command kCompletionsBashCommand, kCompletionsZshCommand, kCompletionsFishCommand,
    kCompletionsCompleteCommand;

namespace {

// In the order in which help lists them.
constexpr const Command* kPresent[] = {
    &kInitCommand,
    &kRepoInitCommand,
    &kRepoUpgradeCommand,
    &kModelCreateCommand,
    &kModelGetCommand,
    &kModelSearchCommand,
    &kModelEditCommand,
    &kModelDeleteCommand,
    &kModelEvaluateCommand,
    &kModelCancelCommand,
    &kModelValidateCommand,
    &kModelMethodRunCommand,
    &kModelMethodDescribeCommand,
    &kModelMethodHistoryCommand,
    &kModelMethodHistoryGetCommand,
    &kModelMethodHistorySearchCommand,
    &kModelMethodHistoryLogsCommand,
    &kModelOutputCommand,
    &kModelOutputGetCommand,
    &kModelOutputSearchCommand,
    &kModelOutputLogsCommand,
    &kModelOutputDataCommand,
    &kModelTypeSearchCommand,
    &kModelTypeDescribeCommand,
    &kWorkflowCreateCommand,
    &kWorkflowGetCommand,
    &kWorkflowGraphCommand,
    &kWorkflowSearchCommand,
    &kWorkflowEditCommand,
    &kWorkflowDeleteCommand,
    &kWorkflowEvaluateCommand,
    &kWorkflowValidateCommand,
    &kWorkflowRunCommand,
    &kWorkflowRunSearchCommand,
    &kWorkflowHistoryCommand,
    &kWorkflowHistoryGetCommand,
    &kWorkflowHistorySearchCommand,
    &kWorkflowHistoryLogsCommand,
    &kWorkflowApprovalsCommand,
    &kWorkflowApproveCommand,
    &kWorkflowRejectCommand,
    &kWorkflowResumeCommand,
    &kWorkflowCancelCommand,
    &kWorkflowSchemaGetCommand,
    &kRunHistoryCommand,
    &kRunDoctorCommand,
    &kRunGcCommand,
    &kDataGetCommand,
    &kDataListCommand,
    &kDataSearchCommand,
    &kDataQueryCommand,
    &kDataVersionsCommand,
    &kDataRenameCommand,
    &kDataDeleteCommand,
    &kDataGcCommand,
    &kDataPruneCommand,
    &kVaultCreateCommand,
    &kVaultPutCommand,
    &kVaultGetCommand,
    &kVaultDescribeCommand,
    &kVaultListKeysCommand,
    &kVaultReadSecretCommand,
    &kVaultDeleteCommand,
    &kVaultSearchCommand,
    &kVaultTypeSearchCommand,
    &kExprEvalCommand,
    &kExprCheckCommand,
    &kExprConformanceCommand,
    &kVersionCommand,
    &kHelpCommand,
    &kCompletionsBashCommand,
    &kCompletionsZshCommand,
    &kCompletionsFishCommand,
    &kCompletionsCompleteCommand,
};

constexpr Group kGroups[] = {
    {"", "Runs workflows of typed model methods and keeps what they produce"},
    {"repo", "The repository: the folder that swamp works in"},
    {"model", "Models: typed stand-ins for things, with methods"},
    {"model method", "Run and look at methods"},
    {"model method history", "Past runs of methods"},
    {"model output", "What runs of methods produced"},
    {"model type", "The types that models can have"},
    {"workflow", "Workflows: jobs and steps that run methods"},
    {"workflow run", "Run workflows and find runs"},
    {"workflow history", "Past runs of workflows"},
    {"workflow schema", "The format of workflow files"},
    {"workflow trigger", "Schedules of workflows"},
    {"run", "Processes of runs"},
    {"data", "What runs produced: versioned artifacts"},
    {"expr", "Expressions: try and check them"},
    {"vault", "Secrets"},
    {"vault type", "The kinds of vaults"},
    {"report", "Reports that runs made"},
    {"report type", "The kinds of reports"},
    {"extension", "Extensions: types, vaults, stores and reports of others"},
    {"extension trust", "Whose extensions may be installed without asking"},
    {"extension source", "Extensions in local folders"},
    {"datastore", "Where data is kept"},
    {"datastore setup", "Choose where data is kept"},
    {"datastore lock", "Locks on data"},
    {"datastore namespace", "Several repositories in one store"},
    {"datastore catalog", "The catalogue of a shared store"},
    {"datastore type", "The kinds of datastores"},
    {"doctor", "Find and mend what is wrong"},
    {"audit", "What was done with shell and swamp"},
    {"telemetry", "What is known about use"},
    {"auth", "The account"},
    {"auth token", "Tokens of the account"},
    {"issue", "The tracker of this program"},
    {"config", "Settings of this program"},
    {"source", "The source of this program"},
    {"agent", "Custom AI tools"},
    {"completions", "Completion for shells"},
    {"access", "Who may do what on a server"},
    {"access token", "Tokens for a server"},
    {"access grant", "What is allowed", "policy"},
    {"access group", "Groups of people"},
    {"worker", "Machines that run steps for a server"},
    {"worker token", "Tokens for workers"},
    {"worker daemon", "A worker as a service"},
    {"serve", "The server"},
    {"serve daemon", "The server as a service"},
};

}  // namespace

const CommandTable& all_commands() {
  static const CommandTable table(kPresent, absent_commands(), kGroups);
  return table;
}

}  // namespace swamp::cli
