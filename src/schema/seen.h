#pragma once

#include <algorithm>
#include <cstddef>
#include <set>
#include <string_view>

namespace swamp::schema {

/// Which parts of a value some keyword has looked at, for `unevaluatedProperties` and
/// `unevaluatedItems`. Its names point into the value.
class Seen {
 public:
  void add_property(std::string_view name) { properties_.insert(name); }
  void add_all_properties() { all_properties_ = true; }
  bool has_property(std::string_view name) const {
    return all_properties_ || properties_.contains(name);
  }

  void add_item(std::size_t index) { items_.insert(index); }
  void add_items_below(std::size_t end) { items_below_ = std::max(items_below_, end); }
  bool has_item(std::size_t index) const { return index < items_below_ || items_.contains(index); }

  void merge(const Seen& other) {
    properties_.insert(other.properties_.begin(), other.properties_.end());
    items_.insert(other.items_.begin(), other.items_.end());
    all_properties_ = all_properties_ || other.all_properties_;
    add_items_below(other.items_below_);
  }

 private:
  std::set<std::string_view> properties_;
  std::set<std::size_t> items_;
  std::size_t items_below_ = 0;
  bool all_properties_ = false;
};

}  // namespace swamp::schema
