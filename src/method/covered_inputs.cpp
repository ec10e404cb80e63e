// SPDX-License-Identifier: MIT
#include "salient/method/covered_inputs.hpp"

#include <utility>

namespace salient::methods::detail {
namespace {

/// Windows along one side: the last one reaches the border.
int along(int length, int window, int stride) { return 1 + (length - window + stride - 1) / stride; }

std::size_t at(long i) { return static_cast<std::size_t>(i); }

cell_range both(cell_range a, cell_range b) {
  const int first = std::max(a.first, b.first);
  return {first, std::max(first, std::min(a.last, b.last))};
}

}  // namespace

int windows::rows() const { return along(image.height, window.height, stride.height); }
int windows::columns() const { return along(image.width, window.width, stride.width); }

/// Where a crop lies in an activation, and what changes in it.
template <class T>
struct covered_crops<T>::place {
  cell_range y, x;
  cell_range changed_y, changed_x;
};

template <class T>
covered_crops<T>::covered_crops(const graph_view& graph, const windows& all, std::vector<crop_stage> stages,
                                T baseline, long capacity)
    : windows_(all), stages_(std::move(stages)), baseline_(baseline), extents_{graph.input} {
  long most = 0, most_results = 0;
  for (const crop_stage& s : stages_) {
    extents_.push_back(graph.extent(s.to));
    most = std::max(most, s.in.elements());
    most_results = std::max(most_results, s.out.elements());
  }
  for (const shape& e : extents_) wholes_.emplace_back(at(e.elements()));
  crops_.resize(at(capacity * std::max(most, extents_.back().elements())));
  results_.resize(at(capacity * most_results));
}

template <class T>
typename covered_crops<T>::place covered_crops<T>::crop_of(std::size_t i, long window) const {
  const auto row = at(window / windows_.columns()), column = at(window % windows_.columns());
  place p{{0, extents_[i].height}, {0, extents_[i].width}, {}, {}};
  if (i < stages_.size()) {
    const crop_stage& s = stages_[i];
    p.y = {s.y.origin[row], s.y.origin[row] + s.in.height};
    p.x = {s.x.origin[column], s.x.origin[column] + s.in.width};
  }
  if (i > 0) {
    p.changed_y = stages_[i - 1].y.changed[row];
    p.changed_x = stages_[i - 1].x.changed[column];
  } else {
    const int top = static_cast<int>(row) * windows_.stride.height,
              left = static_cast<int>(column) * windows_.stride.width;
    p.changed_y = {top, top + windows_.window.height};
    p.changed_x = {left, left + windows_.window.width};
  }
  p.changed_y = both(p.changed_y, p.y);
  p.changed_x = both(p.changed_x, p.x);
  return p;
}

template <class T>
void covered_crops<T>::gather(std::size_t i, const place& p, T* crop) const {
  const shape whole = extents_[i];
  const long row = static_cast<long>(p.x.size()) * whole.channels;
  for (int y = p.y.first; y < p.y.last; ++y, crop += row)
    std::copy_n(wholes_[i].data() + (static_cast<long>(y) * whole.width + p.x.first) * whole.channels, row,
                crop);
}

template <class T>
std::span<const T> covered_crops<T>::crops(std::size_t i, long first, long some) {
  const int channels = extents_[i].channels;
  const shape extent = i < stages_.size() ? stages_[i].in : extents_[i];
  for (long k = 0; k < some; ++k) {
    const place p = crop_of(i, first + k);
    T* const crop = crops_.data() + k * extent.elements();
    gather(i, p, crop);
    const long count = static_cast<long>(p.changed_x.size()) * channels;
    for (int y = p.changed_y.first; y < p.changed_y.last; ++y) {
      T* const to =
          crop + (static_cast<long>(y - p.y.first) * extent.width + p.changed_x.first - p.x.first) * channels;
      if (i == 0) {
        std::fill_n(to, count, baseline_);
        continue;
      }
      const crop_stage& s = stages_[i - 1];
      const int top = s.y.origin[at((first + k) / windows_.columns())] / s.y.step,
                left = s.x.origin[at((first + k) % windows_.columns())] / s.x.step;
      std::copy_n(results_.data() + k * s.out.elements() +
                      (static_cast<long>(y - top) * s.out.width + p.changed_x.first - left) * channels,
                  count, to);
    }
  }
  return std::span<const T>(crops_).first(at(some * extent.elements()));
}

template <class T>
std::span<T> covered_crops<T>::results(std::size_t i, long some) {
  return std::span(results_).first(at(some * stages_[i].out.elements()));
}

template class covered_crops<float>;
template class covered_crops<double>;

}  // namespace salient::methods::detail
