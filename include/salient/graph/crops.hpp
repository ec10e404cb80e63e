// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "salient/core/export.hpp"
#include "salient/graph/plan.hpp"
#include "salient/graph/receptive_field.hpp"
#include "salient/graph/topology.hpp"

namespace salient {

/// Windows along one side of an image: window k covers `size` pixels from k stride on, or those that there
/// are.
struct window_row {
  int count = 0, size = 1, stride = 1;
};

/// Neighbouring cells of an activation along one axis, from `first` to before `last`.
struct cell_range {
  int first = 0, last = 0;

  constexpr int size() const { return last - first; }
};

/// Where the crops of a stage lie along one axis.
struct crop_axis {
  std::vector<int> origin;          ///< of window k's crop, in cells of `from`
  std::vector<cell_range> changed;  ///< the cells of `to` that window k may change
  int step = 1;                     ///< cells of `from` between neighbouring cells of `to`
};

/// A part of a forward pass, from one activation to another, on crops that hold all that a window of the
/// image changes there, and all that the changed cells of `to` read.
///
/// A crop lies such that the layers' strides and the padding at the image's borders fall on the same cells as
/// in the whole activation. Where it ends inside the image its layers pad it too, which spoils its outermost
/// cells; the changed ones do not read these.
struct crop_stage {
  int from = 0, to = 0;
  shape in{}, out{};  ///< of a crop at these activations
  crop_axis y{}, x{};
  std::vector<graph_row> rows{};  ///< the network's, with the extents of crops from `from` to `to`

  /// The network's tables with these rows.
  graph_view graph(const graph_view& whole) const {
    graph_view cropped = whole;
    cropped.rows = rows;
    if (from == 0) cropped.input = in;
    return cropped;
  }
};

/// The stages that compute what windows of the image change with the least work, one after the other from the
/// input on; from the last one's `to` on, passes on whole activations are cheaper. Empty if they are from the
/// start. `plan`: of the pass that the stages are parts of. The network is one whose values do not depend on
/// where its input lies, as far as its layers' `sees` says so: a layer that sees the whole image ends the
/// stages, and so does a gate.
SALIENT_EXPORT std::vector<crop_stage> plan_crops(const graph_view&, const topology_view&,
                                                  const plan_view& plan, int scores, const window_row& y,
                                                  const window_row& x);

/// Multiply-adds of a forward pass, of convolutions and dense layers: on whole activations, and with these
/// stages.
struct crop_work {
  double whole, cropped;
};
SALIENT_EXPORT crop_work work_of(const graph_view&, int scores, const std::vector<crop_stage>&);

}  // namespace salient
