// SPDX-License-Identifier: MIT
#include "gallery/choose.hpp"

#include <algorithm>
#include <utility>

#include "salient/method/target.hpp"

namespace gallery {

shown_digit describe(long index, int label, std::span<const float> scores) {
  const int predicted = salient::predicted_class(scores);
  return {index, label, predicted, salient::probabilities(scores)[static_cast<std::size_t>(predicted)]};
}

std::vector<long> choose(std::span<const int> labels, const salient::tensor& scores) {
  constexpr float sure = 0.99F;
  constexpr std::size_t mistakes_shown = 3;
  std::vector<shown_digit> best(static_cast<std::size_t>(scores.extent.elements()), {-1}), mistakes;
  for (long n = 0; n < scores.batch; ++n) {
    const shown_digit d = describe(n, labels[static_cast<std::size_t>(n)], scores.image(n));
    shown_digit& so_far = best[static_cast<std::size_t>(d.label)];
    if (!d.correct())
      mistakes.push_back(d);
    else if (so_far.index < 0 || (so_far.probability < sure && d.probability > so_far.probability))
      so_far = d;
  }
  std::vector<long> chosen;
  for (const shown_digit& d : best)
    if (d.index >= 0) chosen.push_back(d.index);

  std::ranges::sort(mistakes, {}, [](const shown_digit& d) { return std::pair(-d.probability, d.index); });
  std::vector<int> seen;
  for (const shown_digit& d : mistakes) {
    if (seen.size() == mistakes_shown) break;
    if (std::ranges::count(seen, d.label) > 0) continue;
    seen.push_back(d.label);
    chosen.push_back(d.index);
  }
  return chosen;
}

long focus_of(const std::vector<shown_digit>& digits) {
  const auto four =
      std::ranges::find_if(digits, [](const shown_digit& d) { return d.correct() && d.label == 4; });
  return four == digits.end() ? 0 : four - digits.begin();
}

double accuracy(std::span<const int> labels, const salient::tensor& scores) {
  long right = 0;
  for (long n = 0; n < scores.batch; ++n)
    right += salient::predicted_class(scores.image(n)) == labels[static_cast<std::size_t>(n)];
  return static_cast<double>(right) / static_cast<double>(scores.batch);
}

}  // namespace gallery
