#include "vault/secret_fetcher.h"

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include "async/event.h"
#include "vault/vaults.h"

namespace swamp::vault {

namespace {

constexpr std::chrono::seconds kCommandLimit{30};

}  // namespace

struct SecretFetcher::Fetch {
  explicit Fetch(asio::any_io_executor executor) : done(std::move(executor)) {}

  Event done;
  std::optional<Result<Secret>> result;  // empty when the one who fetched went away before the end
};

/// Tells those who wait that a fetch is over, also when its coroutine is destroyed in the middle:
/// then they fetch by themselves.
struct SecretFetcher::FetchEnd {
  std::map<Place, std::shared_ptr<Fetch>>& running;
  const Place& place;
  Fetch& fetch;

  ~FetchEnd() {
    running.erase(place);
    fetch.done.set();
  }
};

Task<Secret> SecretFetcher::fetch(Provider& provider, std::string vault, std::string key) {
  const Place place(vault, key);
  for (;;) {
    const auto found = running_.find(place);
    if (found == running_.end()) break;
    const std::shared_ptr<Fetch> other = found->second;
    SWAMP_CO_CHECK(co_await other->done.wait());
    const bool was_given_up =
        !other->result || (!*other->result && other->result->error().code == ErrorCode::cancelled);
    if (!was_given_up) co_return *other->result;
  }
  const auto executor = co_await asio::this_coro::executor;
  const auto mine = std::make_shared<Fetch>(executor);
  running_.emplace(place, mine);
  const FetchEnd at_end{running_, place, *mine};
  mine->result = co_await fetch_now(provider, std::move(vault), std::move(key));
  co_return *mine->result;
}

Task<Secret> SecretFetcher::fetch_now(Provider& provider, std::string vault, std::string key) {
  RefreshHooks* hooks = provider.refresh_hooks();
  if (hooks == nullptr) co_return co_await provider.get(std::move(key));

  auto hook = co_await hooks->refresh_hook(key);
  if (hook && !*hook) co_return co_await provider.get(std::move(key));
  Error problem;
  if (!hook) {
    problem = std::move(hook).error();
  } else if (!(*hook)->is_stale(clock_.now())) {
    co_return co_await provider.get(std::move(key));
  } else {
    auto fresh = co_await refreshed(provider, *hooks, **std::move(hook), key);
    if (fresh) co_return fresh;
    problem = std::move(fresh).error();
  }
  if (problem.code == ErrorCode::cancelled) co_return fail(std::move(problem));
  auto old = co_await provider.get(key);
  if (old) {
    warn_(std::move(problem).while_doing(fmt::format(
        "while refreshing secret '{}' of vault '{}', whose old value is used", key, vault)));
  }
  co_return old;
}

Task<Secret> SecretFetcher::refreshed(Provider& provider, RefreshHooks& hooks, RefreshHook hook,
                                      std::string key) {
  SWAMP_CO_TRY(Secret value, co_await run_hook(hook.command));
  SWAMP_CO_CHECK(co_await provider.put(key, value));
  hook.last_refreshed_at = clock_.now();
  SWAMP_CO_CHECK(co_await hooks.put_refresh_hook(std::move(key), std::move(hook)));
  co_return value;
}

Task<Secret> SecretFetcher::run_hook(std::string command) {
  SWAMP_CO_TRY(std::string output, co_await commands_.run(std::move(command), kCommandLimit));
  const WipedAtEnd wiped(output);
  const std::size_t last = output.find_last_not_of(" \t\r\n\v\f");
  if (last == std::string::npos) {
    co_return fail(ErrorCode::unavailable, "the refresh command printed nothing");
  }
  co_return Secret(std::string_view(output).substr(0, last + 1));
}

}  // namespace swamp::vault
