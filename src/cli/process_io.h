#pragma once

#include <string>

#include "cli/io.h"

namespace swamp::cli {

/// A standard stream. Text is kept until flush() or until much has come together; a reader that
/// went away is no error, any other failure is remembered. With `ascii` what the terminal could not
/// show is replaced.
class StreamOutput final : public render::Output {
 public:
  StreamOutput(int descriptor, bool ascii) : descriptor_(descriptor), ascii_(ascii) {}

  void write(std::string_view text) override;
  void flush() override;

  /// Why not everything could be written; 0 when all was well.
  int failure() const { return failure_; }

 private:
  int descriptor_;
  bool ascii_;
  std::string pending_;
  int failure_ = 0;
  bool reader_gone_ = false;
};

/// The real process.
class ProcessIo final : public Io {
 public:
  ProcessIo();

  render::Output& out() override { return out_; }
  render::Output& err() override { return err_; }
  bool is_terminal(Stream stream) const override;
  os::TerminalSize terminal_size() const override;
  Result<std::string> read_input(std::size_t limit) override;
  std::optional<std::string> read_line() override;
  std::optional<std::string> read_hidden_line() override;
  std::optional<std::string> env(std::string_view name) const override;
  void set_env(std::string_view name, std::string_view value) override;
  std::filesystem::path directory() const override;

  /// Writes out what is left. Fails when a result did not reach standard output.
  Result<> finish();

 private:
  StreamOutput out_;
  StreamOutput err_;
};

}  // namespace swamp::cli
