#pragma once

#include <map>
#include <string>

#include "cli/io.h"

namespace swamp::cli::test {

/// A process of strings.
class FakeIo final : public Io {
 public:
  render::StringOutput& out() override { return out_; }
  render::StringOutput& err() override { return err_; }
  bool is_terminal(Stream) const override { return terminal; }
  os::TerminalSize terminal_size() const override { return size; }
  Result<std::string> read_input(std::size_t) override { return std::exchange(input, {}); }
  std::optional<std::string> read_line() override {
    if (input.empty()) return std::nullopt;
    const std::size_t end = std::min(input.find('\n'), input.size());
    std::string line = input.substr(0, end);
    input.erase(0, end + 1);
    return line;
  }
  std::optional<std::string> read_hidden_line() override { return read_line(); }
  std::optional<std::string> env(std::string_view name) const override {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  }
  void set_env(std::string_view name, std::string_view value) override {
    variables[std::string(name)] = value;
  }
  std::filesystem::path directory() const override { return "/work-here"; }

  bool terminal = false;
  os::TerminalSize size;
  std::string input;
  std::map<std::string, std::string, std::less<>> variables;

 private:
  render::StringOutput out_;
  render::StringOutput err_;
};

}  // namespace swamp::cli::test
