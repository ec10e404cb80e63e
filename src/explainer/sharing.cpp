// SPDX-License-Identifier: MIT
#include "explainer/sharing.hpp"

namespace salient::explainer {

sharing::sharing(long units, int ranks) : units_(units), ranks_(static_cast<std::size_t>(ranks)) {}

sharing::order sharing::answer(int rank) {
  state& r = ranks_[static_cast<std::size_t>(rank)];
  if (!r.wants) return {};
  const long left = units_ - next_;
  if (!failed() && left > 0 && (r.held == 0 || left >= static_cast<long>(ranks_.size()))) {
    r.wants = false;
    ++r.held;
    ++at_work_;
    return {order::kind::work, next_++};
  }
  if (!ended()) return {};
  r.wants = false;
  if (!r.dismissed) ++dismissed_;
  r.dismissed = true;
  return {order::kind::stop};
}

sharing::order sharing::asks(int rank) {
  ranks_[static_cast<std::size_t>(rank)].wants = true;
  return answer(rank);
}

sharing::order sharing::finishes(int rank) {
  --ranks_[static_cast<std::size_t>(rank)].held;
  --at_work_;
  ++done_;
  return answer(rank);
}

void sharing::fails(int rank, const std::string& why) {
  state& r = ranks_[static_cast<std::size_t>(rank)];
  if (!failed()) {
    failed_by_ = rank;
    why_ = why;
  }
  at_work_ -= r.held;
  if (!r.dismissed) ++dismissed_;
  r = {0, false, true};
}

std::vector<int> sharing::dismiss() {
  std::vector<int> told;
  if (!ended()) return told;
  for (int rank = 0; rank < static_cast<int>(ranks_.size()); ++rank)
    if (answer(rank).what == order::kind::stop) told.push_back(rank);
  return told;
}

}  // namespace salient::explainer
