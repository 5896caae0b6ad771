#pragma once

#include "engine/names/name_context.h"

// `data.…`: what was stored, as records.
namespace swamp::engine {

Task<Value> data_latest(const NameContext& context, cel::Ask ask);
Task<Value> data_version(const NameContext& context, cel::Ask ask);
Task<Value> data_list_versions(const NameContext& context, cel::Ask ask);
Task<Value> data_find_by_tag(const NameContext& context, cel::Ask ask);
Task<Value> data_find_by_spec(const NameContext& context, cel::Ask ask);
Task<Value> data_query(const NameContext& context, cel::Ask ask);
Task<Value> data_step(const NameContext& context, cel::Ask ask);

/// `<name>-<v1>-<v2>` as writers form it; the plain name when `vary` is an empty list. Fails with
/// invalid_input when an element is no plain value, empty, or cannot be part of a data name.
Result<std::string> varied_name(std::string name, const Value& vary);

}  // namespace swamp::engine
