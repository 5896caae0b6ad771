#include "model/identity.h"

#include <fmt/format.h>

#include "base/clock.h"
#include "os/hash.h"
#include "value/json.h"

namespace swamp::model {
namespace {

constexpr char kMark = '\0';

void replace_all(std::string& text, std::string_view what, std::string_view name) {
  if (what.empty()) return;
  const std::string mark = kMark + std::string(name);
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + mark.size())) {
    text.replace(at, what.size(), mark);
  }
}

std::string identity_of_secret(const Value& secret, const IdentityContext& context) {
  const SecretOrigin& origin = *secret.secret_origin();
  if (!origin.vault.empty()) return fmt::format("{}vault:{}/{}", kMark, origin.vault, origin.key);
  return kMark + os::hmac_sha256_hex(context.secret_key, secret.as_string());
}

Result<std::string> identity_of_text(std::string_view text, const IdentityContext& context) {
  if (text.find(kMark) != std::string_view::npos) {
    return fail(ErrorCode::invalid_input, "a global argument holds the character U+0000",
                "remove it: no name, path or value of a model needs it");
  }
  std::string masked(text);
  replace_all(masked, context.workspace_path, "workspace.path");
  replace_all(masked, context.run_id, "run.id");
  replace_all(masked, context.run_started_at, "run.startedAt");
  return masked;
}

Result<Value> masked(const Value& value, const IdentityContext& context) {
  if (value.is_secret()) return identity_of_secret(value, context);
  if (value.is_string()) {
    SWAMP_TRY(auto text, identity_of_text(value.as_string(), context));
    return Value(std::move(text));
  }
  if (value.is_list()) {
    List items;
    for (const Value& item : value.as_list()) {
      SWAMP_TRY(auto one, masked(item, context));
      items.push_back(std::move(one));
    }
    return Value(std::move(items));
  }
  if (value.is_map()) {
    Map entries;
    for (const auto& [key, member] : value.as_map()) {
      SWAMP_TRY(auto safe_key, identity_of_text(key, context));
      SWAMP_TRY(auto one, masked(member, context));
      entries.set(std::move(safe_key), std::move(one));
    }
    return Value(std::move(entries));
  }
  return value;
}

/// RFC 9562 version 8: our own bits, the version and the variant in their places.
std::string uuid_from(std::string_view digest) {
  unsigned char bytes[16];
  for (int i = 0; i < 16; ++i) {
    bytes[i] =
        static_cast<unsigned char>(std::stoi(std::string(digest.substr(i * 2, 2)), nullptr, 16));
  }
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0F) | 0x80);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3F) | 0x80);
  return format_uuid(bytes);
}

}  // namespace

Result<Instance> identify(std::string_view type, const Value& global_arguments,
                          const IdentityContext& context) {
  const Value arguments = global_arguments.is_null() ? Value(Map{}) : global_arguments;
  SWAMP_TRY(auto safe, masked(arguments, context));
  const std::string digest = os::sha256_hex(std::string(type) + kMark + write_canonical_json(safe));
  const auto slash = type.rfind('/');
  const auto last = slash == std::string_view::npos ? type : type.substr(slash + 1);
  return Instance{.id = uuid_from(digest),
                  .name = fmt::format("{}-{}", last, digest.substr(0, 12)),
                  .type = std::string(type),
                  .ephemeral = true};
}

}  // namespace swamp::model
