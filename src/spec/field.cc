#include "spec/field.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <optional>

#include "spec/text_places.h"

namespace swamp::spec {
namespace {

const Value& null_value() {
  static const Value kNothing{};
  return kNothing;
}

const SourceSpan& no_place() {
  static const SourceSpan kNoPlace{};
  return kNoPlace;
}

/// The key at the front of a pointer, unescaped; moves the pointer behind it.
std::string next_key(std::string_view& pointer) {
  pointer.remove_prefix(1);
  std::string key(pointer.substr(0, pointer.find('/')));
  pointer.remove_prefix(key.size());
  for (std::size_t at = key.find('~'); at != key.npos; at = key.find('~', at + 1)) {
    key.replace(at, 2, key.substr(at, 2) == "~1" ? "/" : "~");
  }
  return key;
}

std::optional<std::size_t> index_in(const List& list, std::string_view key) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), index);
  if (error != std::errc{} || end != key.data() + key.size() || index >= list.size())
    return std::nullopt;
  return index;
}

/// The places of all texts below `value`, when nothing better than `where` is known about them.
void collect_texts(const Value& value, const std::string& pointer, const SourceSpan& where,
                   std::vector<Field::Place>& out) {
  if (value.is_string()) out.push_back({pointer, where});
  if (value.is_map()) {
    for (const auto& [key, item] : value.as_map())
      collect_texts(item, pointer_to(pointer, key), where, out);
  }
  if (value.is_list()) {
    std::size_t index = 0;
    for (const auto& item : value.as_list()) {
      collect_texts(item, pointer_to(pointer, std::to_string(index++)), where, out);
    }
  }
}

std::vector<Field::Place> holding_expressions(const Value& value,
                                              const std::vector<Field::Place>& places) {
  std::vector<Field::Place> found;
  for (const auto& place : places) {
    const Value* leaf = find_at(value, place.pointer);
    if (leaf && leaf->is_string() && cel::Template::has_expression(leaf->as_string()))
      found.push_back(place);
  }
  return found;
}

std::vector<Field::Place> below(const std::vector<Field::Place>& places, std::string_view prefix) {
  std::vector<Field::Place> found;
  for (const auto& place : places) {
    if (!std::string_view(place.pointer).starts_with(prefix)) continue;
    const auto rest = std::string_view(place.pointer).substr(prefix.size());
    if (rest.empty() || rest.front() == '/') found.push_back({std::string(rest), place.where});
  }
  return found;
}

/// std::call_once for what a workflow has by the ten thousand: that of glibc ends with a system
/// call, whether anybody waits or not.
class Once {
 public:
  template <class Work>
  void call(const Work& work) {
    int seen = kFresh;
    if (state_.load(std::memory_order_acquire) == kDone) return;
    if (!state_.compare_exchange_strong(seen, kBusy)) return state_.wait(kBusy);
    work();
    state_.store(kDone);
    state_.notify_all();
  }

 private:
  enum State : int { kFresh, kBusy, kDone };
  std::atomic<int> state_{kFresh};
};

}  // namespace

std::string pointer_to(std::string_view pointer, std::string_view key) {
  std::string longer(pointer);
  longer += '/';
  for (char c : key) {
    if (c == '~')
      longer += "~0";
    else if (c == '/')
      longer += "~1";
    else
      longer += c;
  }
  return longer;
}

const Value* find_at(const Value& tree, std::string_view pointer) {
  const Value* at = &tree;
  while (!pointer.empty()) {
    const std::string key = next_key(pointer);
    if (at->is_map()) {
      at = at->as_map().find(key);
    } else if (at->is_list()) {
      const auto index = index_in(at->as_list(), key);
      at = index ? &at->as_list()[*index] : nullptr;
    } else {
      at = nullptr;
    }
    if (!at) return nullptr;
  }
  return at;
}

bool set_at(Value& tree, std::string_view pointer, Value value) {
  if (!find_at(tree, pointer)) return false;
  Value* at = &tree;
  while (!pointer.empty()) {
    const std::string key = next_key(pointer);
    at = at->is_map() ? at->mutable_map().find(key)
                      : &at->mutable_list()[*index_in(at->as_list(), key)];
  }
  *at = std::move(value);
  return true;
}

struct Field::Rep {
  /// Filled once, at first use; never changed afterwards.
  struct Compiled {
    Once once;
    std::vector<Result<cel::Template>> templates;
    cel::References references;
  };

  Value value;
  std::vector<Place> places;
  std::vector<Place> expressions;
  std::unique_ptr<Compiled> lazy;  // null when there are no expressions: most fields have none

  const Compiled& compiled() const {
    lazy->once.call([this] {
      for (const auto& [pointer, where] : expressions) {
        const auto* place = where.source ? &where : nullptr;
        const std::string& text = find_at(value, pointer)->as_string();
        lazy->templates.push_back(cel::Template::compile(text, cel::Dialect::swamp, place));
        if (auto& made = lazy->templates.back(); !made)
          made = fail(placed_in(std::move(made).error(), text, where));
        if (const auto& made = lazy->templates.back()) lazy->references.merge(made->references());
      }
    });
    return *lazy;
  }
};

Field Field::make(Value value, std::vector<Place> places, std::vector<Place> expressions) {
  auto rep = std::make_shared<Rep>();
  rep->value = std::move(value);
  rep->places = std::move(places);
  rep->expressions = std::move(expressions);
  if (!rep->expressions.empty()) rep->lazy = std::make_unique<Rep::Compiled>();
  Field field;
  field.rep_ = std::move(rep);
  return field;
}

Field Field::written(Value value, std::vector<Place> places) {
  auto expressions = holding_expressions(value, places);
  return make(std::move(value), std::move(places), std::move(expressions));
}

Field Field::written(Value value, SourceSpan where) {
  std::vector<Place> places{{std::string(), where}};
  if (!value.is_string()) collect_texts(value, {}, where, places);
  return written(std::move(value), std::move(places));
}

Field Field::written_only_at(Value value, std::vector<Place> places,
                             const std::vector<std::string>& pointers) {
  auto expressions = holding_expressions(value, places);
  std::erase_if(expressions, [&](const Place& place) {
    return std::find(pointers.begin(), pointers.end(), place.pointer) == pointers.end();
  });
  return make(std::move(value), std::move(places), std::move(expressions));
}

Field Field::data(Value value, SourceSpan where) {
  return make(std::move(value), {{std::string(), std::move(where)}}, {});
}

const Value& Field::value() const {
  return rep_ ? rep_->value : null_value();
}

const std::string& Field::text() const {
  static const std::string none;
  return value().is_string() ? value().as_string() : none;
}

const SourceSpan& Field::where() const {
  return rep_ && !rep_->places.empty() ? rep_->places.front().where : no_place();
}

const SourceSpan& Field::where(std::string_view pointer) const {
  if (!rep_) return no_place();
  for (;;) {
    for (const auto& place : rep_->places) {
      if (place.pointer == pointer) return place.where;
    }
    if (pointer.empty()) return where();
    pointer = pointer.substr(0, pointer.rfind('/'));
  }
}

bool Field::has_expressions() const {
  return rep_ && !rep_->expressions.empty();
}

bool Field::is_whole_expression() const {
  if (!has_expressions() || !value().is_string()) return false;
  const auto& whole = compiled(0);
  return whole && whole->is_whole();
}

const std::vector<Field::Place>& Field::expressions() const {
  static const std::vector<Place> none;
  return rep_ ? rep_->expressions : none;
}

const Result<cel::Template>& Field::compiled(std::size_t index) const {
  return rep_->compiled().templates[index];
}

std::vector<Error> Field::check_syntax() const {
  std::vector<Error> errors;
  for (std::size_t i = 0; i < expressions().size(); ++i) {
    if (const auto& result = compiled(i); !result) errors.push_back(result.error());
  }
  return errors;
}

std::vector<Error> Field::check_names(const cel::Scope& scope) const {
  std::vector<Error> errors;
  for (std::size_t i = 0; i < expressions().size(); ++i) {
    if (const auto& result = compiled(i)) {
      for (Error& error : result->check_names(scope))
        errors.push_back(placed_in(std::move(error), result->text(), expressions()[i].where));
    }
  }
  return errors;
}

const cel::References& Field::references() const {
  static const cel::References none;
  return has_expressions() ? rep_->compiled().references : none;
}

Result<cel::Outcome> Field::evaluate(const cel::Scope& scope, const cel::Answers& answers,
                                     const cel::Limits& limits) const {
  Value result = value();
  std::vector<cel::Ask> asks;
  for (std::size_t i = 0; i < expressions().size(); ++i) {
    const auto& text = compiled(i);
    if (!text) return fail(text.error());
    auto evaluated = text->evaluate(scope, answers, limits);
    if (!evaluated)
      return fail(placed_in(std::move(evaluated).error(), text->text(), expressions()[i].where));
    cel::Outcome outcome = *std::move(evaluated);
    if (auto* asked = std::get_if<std::vector<cel::Ask>>(&outcome)) {
      for (auto& ask : *asked) {
        if (std::find(asks.begin(), asks.end(), ask) == asks.end()) asks.push_back(std::move(ask));
      }
    } else {
      set_at(result, expressions()[i].pointer, std::get<Value>(std::move(outcome)));
    }
  }
  if (!asks.empty()) return cel::Outcome(std::move(asks));
  return cel::Outcome(std::move(result));
}

Field Field::member(std::string_view key) const {
  const Value* found = value().is_map() ? value().as_map().find(key) : nullptr;
  if (!found) return {};
  const std::string prefix = pointer_to({}, key);
  auto places = below(rep_->places, prefix);
  if (places.empty() || !places.front().pointer.empty())
    places.insert(places.begin(), {{}, where(prefix)});
  return make(*found, std::move(places), below(rep_->expressions, prefix));
}

struct Expression::Rep {
  std::string text;
  SourceSpan where;
  mutable Once compile_once;
  mutable std::optional<Result<cel::Program>> program;
};

Expression::Expression(std::string text, SourceSpan where) {
  auto rep = std::make_shared<Rep>();
  rep->text = std::move(text);
  rep->where = std::move(where);
  rep_ = std::move(rep);
}

const std::string& Expression::text() const {
  static const std::string none;
  return rep_ ? rep_->text : none;
}

const SourceSpan& Expression::where() const {
  return rep_ ? rep_->where : no_place();
}

const Result<cel::Program>& Expression::program() const {
  rep_->compile_once.call([this] {
    rep_->program = cel::Program::compile(rep_->text, cel::Dialect::swamp,
                                          rep_->where.source ? &rep_->where : nullptr);
    if (!*rep_->program)
      rep_->program = fail(placed_in(std::move(*rep_->program).error(), rep_->text, rep_->where));
  });
  return *rep_->program;
}

}  // namespace swamp::spec
