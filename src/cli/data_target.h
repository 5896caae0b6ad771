#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/invocation.h"

// Which data a command is about: said by place (`data get web result`), by options
// (`data get --model web --name result`), or by both.
namespace swamp::cli {

inline constexpr Argument kModelArgument = {"model_id_or_name", "name or id of the model",
                                            Argument::Need::optional};
inline constexpr Argument kDataArguments[] = {
    kModelArgument, {"data_name", "name of the data", Argument::Need::optional}};

inline constexpr Option kModelOption = {.name = "model",
                                        .type = Option::Type::text,
                                        .value = "name",
                                        .doc = "the model, instead of the argument"};
inline constexpr Option kNameOption = {.name = "name",
                                       .type = Option::Type::text,
                                       .value = "name",
                                       .doc = "the data, instead of the argument"};

/// What was said of each of `options`, in their order: the option's value, else the next argument
/// that is left, else nothing. Fails when arguments are left over.
Result<std::vector<std::string>> by_option_or_place(const Invocation& invocation,
                                                    std::vector<std::string_view> options);

struct DataTarget {
  std::string model;  // empty: not said
  std::string name;   // empty: not said
};
Result<DataTarget> data_target(const Invocation& invocation);

}  // namespace swamp::cli
