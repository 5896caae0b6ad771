#include "schema/pattern.h"

#include <fmt/format.h>
#include <re2/re2.h>

namespace swamp::schema {

struct Pattern::Engine {
  Engine(const std::string& source, const re2::RE2::Options& options)
      : expression(source, options) {}

  re2::RE2 expression;
};

Pattern::Pattern(std::string source, std::shared_ptr<const Engine> engine)
    : source_(std::move(source)), engine_(std::move(engine)) {}

Result<Pattern> Pattern::compile(std::string_view source) {
  SWAMP_TRY(const std::string translated, translate_pattern(source));
  re2::RE2::Options options;
  options.set_log_errors(false);
  const auto engine = std::make_shared<const Engine>(translated, options);
  if (!engine->expression.ok()) {
    return fail(ErrorCode::invalid_input,
                fmt::format("'{}' is not a regular expression that RE2 can run: {}", source,
                            engine->expression.error()));
  }
  return Pattern(std::string(source), engine);
}

bool Pattern::matches(std::string_view text) const {
  return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), engine_->expression);
}

}  // namespace swamp::schema
