#include "yaml/parse.h"

#include <fmt/format.h>

#include "value/json.h"
#include "yaml/composer.h"

namespace swamp::yaml {

Result<Document> parse(Source source, const Limits& limits) {
  if (source->text.size() > limits.bytes) {
    return fail(Error{.code = ErrorCode::invalid_input,
                      .message = fmt::format("file has {} bytes, more than the {} that are read",
                                             source->text.size(), limits.bytes),
                      .where = SourceSpan{.source = source}});
  }
  return Composer(std::move(source), limits).compose();
}

Result<Document> parse(std::string text, std::string name, const Limits& limits) {
  return parse(std::make_shared<const SourceText>(SourceText{std::move(name), std::move(text)}),
               limits);
}

}  // namespace swamp::yaml
