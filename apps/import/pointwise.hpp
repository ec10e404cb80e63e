// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "import/elements.hpp"

// Exporters write an activation as one operator or as a chain of several, in many ways. So element-wise
// operators are collected as a function of one activation, and the function is recognised by its values.

namespace importer {

/// Numbers for each channel. Those of one name are the same.
struct channelwise {
  std::string name;
  importer::values values;
};

/// A function of one number, the value of an activation at one place. Those of a normalisation depend on the
/// other channels at that position too.
struct pointwise {
  enum class kind {
    x,       // the number itself
    number,  // a constant
    add,
    sub,
    mul,
    div,
    min,
    max,
    pow,
    greater,  // of two functions
    relu,
    leaky_relu,
    elu,
    hard_sigmoid,
    sigmoid,
    tanh,  // of one
    softplus,
    erf,
    exp,
    sqrt,
    gelu,
    gelu_tanh,
    hard_swish,
    reciprocal,
    mean,        // over the channels of a position
    neighbours,  // mean over `a` neighbouring channels, from `b` before it on; outside are zeros
    each,        // a constant for each channel
  };
  kind what = kind::x;
  double a = 0, b = 0;  // parameters
  std::shared_ptr<const pointwise> first{}, second{};
  int size = 1;           ///< steps, counted as often as they are evaluated
  bool mixes = false;     ///< it depends on the channel, or on several
  bool averages = false;  ///< it has a mean over channels
  std::shared_ptr<const channelwise> channels{};

  /// Of a function that does not mix.
  double at(double x) const;
  /// The last step, of one or two numbers.
  double applied(double u, double v) const;
  /// Whether it has one value for all channels, as a mean has.
  bool is_shared() const;
};
using function = std::shared_ptr<const pointwise>;

function variable();
function number(double value);
function make(pointwise::kind what, function first, function second = {}, double a = 0, double b = 0);
function each(std::string name, values v);
bool is_variable(const function& f);

/// The layer that computes the function, "hard_swish"; empty if none does.
std::string layer_of(const function& f);

/// y = scale x + shift.
struct line {
  double scale, shift;
};
std::optional<line> line_of(const function& f);

/// A part of f that is a line, if f is a layer's function of it; else null.
function line_within(const function& f);
/// The largest part with this property that f is a function of; else null.
function part_of(const function& f, const std::function<bool(const function&)>& wanted);
/// f as a function of its part.
function without(const function& f, const function& part);

/// A number as C++ text: the shortest that reads back as the same float, or as the same double if that
/// differs.
std::string text_of(double value);

}  // namespace importer
