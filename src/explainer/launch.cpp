// SPDX-License-Identifier: MIT
#include "explainer/launch.hpp"

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <thread>

namespace salient::explainer {
namespace {

std::optional<int> number_in(const char* text) {
  if (text == nullptr) return {};
  const std::string_view all(text);
  int value = 0;
  const auto [end, failure] = std::from_chars(all.data(), all.data() + all.size(), value);
  if (failure != std::errc() || end != all.data() + all.size() || value < 0) return {};
  return value;
}

}  // namespace

launch launched(const environment& variable) {
  constexpr const char* names[][2] = {
      {"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"},  // Open MPI's mpirun
      {"PMI_RANK", "PMI_SIZE"},                          // MPICH's and its descendants', and srun --mpi=pmi2
      {"PMIX_RANK", "SLURM_STEP_NUM_TASKS"},             // srun --mpi=pmix
  };
  for (const auto& [rank_name, size_name] : names)
    if (const auto rank = number_in(variable(rank_name))) {
      const int size = number_in(variable(size_name)).value_or(0);
      return {*rank, size > *rank ? size : 0};
    }
  return {};
}

launch launched() {
  return launched([](const char* name) -> const char* { return std::getenv(name); });
}

void let_rank_0_speak() {
  if (launched().rank > 0) std::this_thread::sleep_for(std::chrono::seconds(1));
}

}  // namespace salient::explainer
