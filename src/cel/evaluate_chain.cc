#include "cel/evaluator.h"
#include "cel/operators.h"
#include "cel/secret_pieces.h"

namespace swamp::cel {

namespace {

/// The running value of a chain. What is joined one after the other, texts or lists, grows in
/// place: a sum of n pieces copies each once.
class Running {
 public:
  explicit Running(Datum first) : value_(std::move(first)) {}

  Datum& value() {
    if (grows_ == Grows::text) value_ = Datum::string(std::move(text_), secrets_.origin());
    if (grows_ == Grows::list) value_ = Datum::list(std::move(items_));
    grows_ = Grows::nothing;
    return value_;
  }

  bool is(Kind kind) const { return grows_ == Grows::nothing && value_.is(kind); }
  void set(Datum value) { value_ = std::move(value); }

  /// Adds `right` at the end if both are texts, or lists.
  bool append(const Datum& right, Meter& meter) {
    if (right.is(Kind::string) && (is(Kind::string) || grows_ == Grows::text)) {
      append_text(right, meter);
      return true;
    }
    const bool are_lists = right.is(Kind::list) && (is(Kind::list) || grows_ == Grows::list);
    if (are_lists) append_list(right, meter);
    return are_lists;
  }

 private:
  enum class Grows : std::uint8_t { nothing, text, list };

  void append_text(const Datum& right, Meter& meter) {
    if (grows_ == Grows::nothing) {
      text_ = value_.text();
      secrets_ = SecretPieces();
      secrets_.add(0, text_.size(), value_.origin());
      grows_ = Grows::text;
    }
    if (!meter.charge(right.text().size() / 16)) return;
    secrets_.add(text_.size(), right.text().size(), right.origin());
    text_ += right.text();
  }

  void append_list(const Datum& right, Meter& meter) {
    if (grows_ == Grows::nothing) {
      items_.clear();
      grows_ = Grows::list;
      if (!meter.charge(value_.size() * kElementCost)) return;
      add_items(value_);
    }
    if (meter.charge(right.size() * kElementCost)) add_items(right);
  }

  void add_items(const Datum& list) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      items_.push_back(list.at(i));
    }
  }

  Datum value_;
  Grows grows_ = Grows::nothing;
  std::string text_;
  SecretPieces secrets_;
  Items items_;
};

}  // namespace

Datum Evaluator::chain(const Op& op) {
  const auto operands = program_.operands_of(op);
  if (operands.size() == 2) {
    Datum left_scratch, right_scratch;
    const Datum& left = peek(operands[0], left_scratch);
    if (left.is(Kind::failure)) return left;
    const Datum& right = peek(operands[1], right_scratch);
    if (is_stuck(left)) return left;
    if (is_stuck(right)) return right;
    return fail_at(apply(program_.operators[op.b], left, right, program_.dialect, meter_), op.begin,
                   op.end);
  }
  Running running(eval(operands[0]));
  bool is_pending = false;
  for (std::size_t i = 1; i < operands.size() && !meter_.is_exhausted(); ++i) {
    is_pending = is_pending || running.is(Kind::unknown);
    if (running.is(Kind::failure)) break;
    Datum scratch;
    const Datum& right = peek(operands[i], scratch);
    // Once a part is not known, the others are still visited for what they ask.
    if (is_pending || right.is(Kind::unknown)) {
      is_pending = true;
      continue;
    }
    if (right.is(Kind::failure)) return right;
    const Operator sign = program_.operators[op.b + i - 1];
    if (sign == Operator::add && running.append(right, meter_)) continue;
    running.set(fail_at(apply(sign, running.value(), right, program_.dialect, meter_), op.begin,
                        program_.ops[operands[i]].end));
  }
  return is_pending ? Datum::unknown() : std::move(running.value());
}

}  // namespace swamp::cel
