// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>

// Exporters write an activation as one operator or as a chain of several, in many ways. So element-wise
// operators are collected as a function of one activation, and the function is recognised by its values.

namespace importer {

/// A function of one number: the value of an activation at one place.
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
    mean,  // over the channels of a position, as layer normalisation has it; not a function of one number
  };
  kind what = kind::x;
  double a = 0, b = 0;  // parameters
  std::shared_ptr<const pointwise> first, second;
  int size = 1;  ///< steps, counted as often as they are evaluated

  double at(double x) const;
  bool has_mean() const;
};
using function = std::shared_ptr<const pointwise>;

function variable();
function number(double value);
function make(pointwise::kind what, function first, function second = {}, double a = 0, double b = 0);
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
/// f as a function of its part.
function without(const function& f, const function& part);

/// If the function is (x - mean) / sqrt(variance + epsilon) over channels, epsilon.
std::optional<double> epsilon_of_layer_norm(const function& f);

/// A number as C++ text: the shortest that reads back as the same float, or as the same double if that
/// differs.
std::string text_of(double value);

}  // namespace importer
