// How fast output streams pass the redactor: the target is 200 MB/s with 20 secrets.
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "vault/redactor.h"

namespace swamp::vault {
namespace {

constexpr std::string_view kLetters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/-_";

std::string random_text(std::mt19937& random, std::size_t size) {
  std::uniform_int_distribution<std::size_t> letter(0, kLetters.size() - 1);
  std::string text(size, ' ');
  for (char& c : text)
    c = kLetters[letter(random)];
  return text;
}

/// What a compiler or a download prints.
std::string log_text(std::mt19937& random, std::size_t size) {
  std::string text;
  while (text.size() < size) {
    text += "[ 42%] Building CXX object src/vault/CMakeFiles/swamp_vault.dir/redactor.cc.o ";
    text += random_text(random, 20) + "\n";
  }
  return text;
}

void stream(benchmark::State& state, const std::string& text, std::size_t secrets,
            std::mt19937& random) {
  Redactor redactor;
  for (std::size_t i = 0; i < secrets; ++i)
    redactor.add(Secret(random_text(random, 40)));
  constexpr std::size_t kChunk = 64 * 1024;
  for (auto _ : state) {
    StreamRedactor stream(redactor);
    for (std::size_t at = 0; at < text.size(); at += kChunk) {
      benchmark::DoNotOptimize(stream.feed(std::string_view(text).substr(at, kChunk)));
    }
    benchmark::DoNotOptimize(stream.finish());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(text.size()));
}

void log_stream(benchmark::State& state) {
  std::mt19937 random(1);
  stream(state, log_text(random, 8 << 20), static_cast<std::size_t>(state.range(0)), random);
}
BENCHMARK(log_stream)->Arg(0)->Arg(1)->Arg(20)->Arg(200);

/// The worst that is usual: nothing but letters that encoded secrets are made of.
void base64_stream(benchmark::State& state) {
  std::mt19937 random(1);
  stream(state, random_text(random, 8 << 20), static_cast<std::size_t>(state.range(0)), random);
}
BENCHMARK(base64_stream)->Arg(20);

void first_masking_after_registering(benchmark::State& state) {
  std::mt19937 random(1);
  std::vector<Secret> secrets;
  for (int i = 0; i < 20; ++i)
    secrets.emplace_back(random_text(random, 40));
  for (auto _ : state) {
    Redactor redactor;
    for (const Secret& secret : secrets)
      redactor.add(secret);
    benchmark::DoNotOptimize(redactor.mask("x"));
  }
}
BENCHMARK(first_masking_after_registering)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace swamp::vault
