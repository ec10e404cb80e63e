// SPDX-License-Identifier: MIT
#include "experiment/finding.hpp"

#include "salient/metric/correlation.hpp"

namespace experiment {

void compare(std::vector<finding>& findings) {
  for (auto method : {&finding::grad_cam, &finding::integrated})
    for (std::size_t i = 0; i < findings.size(); ++i)
      for (std::size_t j = 0; j < findings.size(); ++j) {
        if (i == j) continue;
        maps_finding& own = findings[i].*method;
        for (long n = 0; n < own.maps.batch; ++n)
          own.agreement.add(
              salient::metrics::pearson<float>(own.maps.image(n), (findings[j].*method).maps.image(n)));
      }
}

}  // namespace experiment
