#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "async/task.h"
#include "vault/provider.h"

namespace swamp::vault {

class CommandRunner;

/// Gets values for those who want them fresh: runs stale refresh hooks, and lets all who ask for
/// one secret at the same time share one fetch. Used from the thread of the event loop.
class SecretFetcher {
 public:
  /// The references must outlive this.
  SecretFetcher(const Clock& clock, CommandRunner& commands,
                const std::function<void(const Error&)>& warn)
      : clock_(clock), commands_(commands), warn_(warn) {}

  /// `provider` must outlive the fetch. `vault` tells equal keys of several providers apart.
  Task<Secret> fetch(Provider& provider, std::string vault, std::string key);

 private:
  struct Fetch;
  struct FetchEnd;
  using Place = std::pair<std::string, std::string>;

  Task<Secret> fetch_now(Provider& provider, std::string vault, std::string key);
  Task<Secret> refreshed(Provider& provider, RefreshHooks& hooks, RefreshHook hook,
                         std::string key);
  Task<Secret> run_hook(std::string command);

  const Clock& clock_;
  CommandRunner& commands_;
  const std::function<void(const Error&)>& warn_;
  std::map<Place, std::shared_ptr<Fetch>> running_;
};

}  // namespace swamp::vault
