#include "model/builtin/shell_quoting.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace swamp::model {
namespace {

/// Follows how the shell would read a script, far enough to know in what kind of quotes a byte
/// stands: single and double quotes, backslashes, comments, `$( … )` and backquotes inside double
/// quotes, here-documents.
class QuoteScanner {
 public:
  enum class Place : std::uint8_t {
    bare,
    double_quoted,
    single_quoted,
    here_document,
    quoted_here_document
  };

  explicit QuoteScanner(std::string_view script) : script_(script) {}

  /// Reads on up to `position` and says where that is. Positions must not go back.
  Place place_at(std::size_t position) {
    while (at_ < position) {
      step();
    }
    if (document_ != nullptr)
      return document_->quoted ? Place::quoted_here_document : Place::here_document;
    switch (stack_.back()) {
      case '\'':
        return Place::single_quoted;
      case '"':
        return Place::double_quoted;
      default:
        return Place::bare;
    }
  }

 private:
  struct HereDocument {
    std::string word;
    bool quoted = false;
    bool strip_tabs = false;
  };

  void step() {
    if (document_ != nullptr) return step_document();
    const char c = script_[at_];
    if (stack_.back() == '\'') {
      if (c == '\'') stack_.pop_back();
      ++at_;
      return;
    }
    if (c == '\\') {
      at_ = std::min(at_ + 2, script_.size());
      return;
    }
    if (stack_.back() == '"') return step_double_quoted(c);
    step_bare(c);
  }

  void step_double_quoted(char c) {
    if (c == '"') {
      stack_.pop_back();
    } else if (c == '$' && next_is('(')) {
      stack_.push_back('(');
      ++at_;
    } else if (c == '`') {
      toggle_backquote();
    }
    ++at_;
  }

  void step_bare(char c) {
    if (c == '\'' || c == '"') {
      stack_.push_back(c);
    } else if (c == '(') {
      stack_.push_back('(');
    } else if (c == ')' && stack_.back() == '(' && stack_.size() > 1) {
      stack_.pop_back();
    } else if (c == '`') {
      toggle_backquote();
    } else if (c == '#' && (at_ == 0 || std::string_view(" \t\n;&|(").find(script_[at_ - 1]) !=
                                            std::string_view::npos)) {
      at_ = std::min(script_.find('\n', at_), script_.size());
      return;
    } else if (c == '<' && next_is('<') && script_.substr(at_, 3) != "<<<") {
      return read_here_word();
    } else if (c == '\n' && !pending_.empty()) {
      document_ = &pending_.front();
    }
    ++at_;
  }

  void toggle_backquote() {
    if (stack_.back() == '`') {
      stack_.pop_back();
    } else {
      stack_.push_back('`');
    }
  }

  void read_here_word() {
    at_ += 2;
    HereDocument document;
    if (at_ < script_.size() && script_[at_] == '-') {
      document.strip_tabs = true;
      ++at_;
    }
    while (at_ < script_.size() && (script_[at_] == ' ' || script_[at_] == '\t')) {
      ++at_;
    }
    while (at_ < script_.size() &&
           std::string_view(" \t\n;&|<>()").find(script_[at_]) == std::string_view::npos) {
      const char c = script_[at_++];
      if (c == '\'' || c == '"' || c == '\\') {
        document.quoted = true;
      } else {
        document.word += c;
      }
    }
    pending_.push_back(std::move(document));
  }

  /// Reads on in a here-document; a line that is its word ends it.
  void step_document() {
    if (script_[at_ - 1] != '\n') {
      ++at_;
      return;
    }
    const std::size_t end = std::min(script_.find('\n', at_), script_.size());
    std::string_view line = script_.substr(at_, end - at_);
    if (document_->strip_tabs)
      line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
    if (line == document_->word) {
      pending_.erase(pending_.begin());
      document_ = pending_.empty() ? nullptr : &pending_.front();
      at_ = std::min(end + 1, script_.size());
      return;
    }
    ++at_;
  }

  bool next_is(char c) const { return at_ + 1 < script_.size() && script_[at_ + 1] == c; }

  std::string_view script_;
  std::size_t at_ = 0;
  std::vector<char> stack_ = {' '};
  std::vector<HereDocument> pending_;
  const HereDocument* document_ = nullptr;
};

Error unreachable_secret(QuoteScanner::Place place, const SecretOrigin& origin) {
  const bool single = place == QuoteScanner::Place::single_quoted;
  return Error{
      .code = ErrorCode::invalid_input,
      .message = fmt::format(
          "a secret stands {} in the command '{}', where the shell replaces nothing",
          single ? "within single quotes" : "in a quoted here-document", origin.expression),
      .hint = single ? "use double quotes around it, or none: the secret is quoted for you"
                     : "write the word after << without quotes"};
}

std::string reference(QuoteScanner::Place place, const std::string& variable) {
  const bool quote = place == QuoteScanner::Place::bare;
  return fmt::format("{0}${{{1}}}{0}", quote ? "\"" : "", variable);
}

}  // namespace

Result<SafeScript> take_out_secrets(const Value& command) {
  const std::string& text = command.as_string();
  if (!command.is_secret()) return SafeScript{.text = text};
  const SecretOrigin& origin = *command.secret_origin();
  if (origin.ranges.empty()) {
    return SafeScript{.text = "eval \"${__SWAMP_VAULT_0}\"",
                      .variables = {{"__SWAMP_VAULT_0", text}}};
  }

  // The scanner must not be led astray by quotes inside a secret: it reads the text with each
  // secret as one letter.
  std::string skeleton;
  std::vector<std::size_t> places;
  std::size_t done = 0;
  for (const auto& range : origin.ranges) {
    skeleton.append(text, done, range.begin - done);
    places.push_back(skeleton.size());
    skeleton += 'S';
    done = range.end;
  }
  skeleton.append(text, done);

  SafeScript script;
  QuoteScanner scanner(skeleton);
  std::size_t copied = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto place = scanner.place_at(places[i]);
    if (place == QuoteScanner::Place::single_quoted ||
        place == QuoteScanner::Place::quoted_here_document) {
      return fail(unreachable_secret(place, origin));
    }
    const std::string variable = fmt::format("__SWAMP_VAULT_{}", i);
    script.text.append(skeleton, copied, places[i] - copied);
    script.text += reference(place, variable);
    copied = places[i] + 1;
    const auto& range = origin.ranges[i];
    script.variables.emplace(variable, text.substr(range.begin, range.end - range.begin));
  }
  script.text.append(skeleton, copied);
  return script;
}

}  // namespace swamp::model
