// SPDX-License-Identifier: MIT
#include "explainer/post.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <functional>

#define MPICH_SKIP_MPICXX 1
#define OMPI_SKIP_MPICXX 1
#include <mpi.h>

#include "salient/core/error.hpp"
#include "salient/device/processors.hpp"

namespace salient::explainer {
namespace {

/// Equal for processes that are bound to the same processors.
int colour_of_binding() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("Cpus_allowed:"))
      return static_cast<int>(std::hash<std::string>()(line) & 0x7fffffff);  // no negative one is a colour
  return 0;
}

int share_of_processors() {
  MPI_Comm machine{}, bound_alike{};
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine);
  MPI_Comm_split(machine, colour_of_binding(), 0, &bound_alike);
  int processes = 1;
  MPI_Comm_size(bound_alike, &processes);
  MPI_Comm_free(&bound_alike);
  MPI_Comm_free(&machine);
  return std::max(1, available_processors() / processes);
}

}  // namespace

post::post() {
  int provided = MPI_THREAD_SINGLE;
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
  MPI_Comm_size(MPI_COMM_WORLD, &size_);
  if (provided < MPI_THREAD_FUNNELED) {
    MPI_Finalize();
    throw error(library() + " was built without support for threads (MPI_THREAD_FUNNELED)");
  }
  threads_ = share_of_processors();
}

post::~post() { MPI_Finalize(); }

std::string post::library() {
  char text[MPI_MAX_LIBRARY_VERSION_STRING] = {};
  int length = 0;
  MPI_Get_library_version(text, &length);
  std::string name(text, std::strcspn(text, ",\n"));
  std::ranges::replace(name, '\t', ' ');
  return name;
}

void post::send(int to, subject about, long number, const std::string& text) {
  std::string bytes(sizeof number, '\0');
  std::memcpy(bytes.data(), &number, sizeof number);
  bytes += text;
  MPI_Send(bytes.data(), static_cast<int>(bytes.size()), MPI_BYTE, to, static_cast<int>(about),
           MPI_COMM_WORLD);
}

std::optional<post::letter> post::look() {
  int there = 0, count = 0;
  MPI_Status status{};
  MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &there, &status);
  if (there == 0) return {};
  MPI_Get_count(&status, MPI_BYTE, &count);
  std::string bytes(static_cast<std::size_t>(count), '\0');
  MPI_Recv(bytes.data(), count, MPI_BYTE, status.MPI_SOURCE, status.MPI_TAG, MPI_COMM_WORLD,
           MPI_STATUS_IGNORE);
  letter l{status.MPI_SOURCE, static_cast<subject>(status.MPI_TAG), 0, {}};
  std::memcpy(&l.number, bytes.data(), sizeof l.number);
  l.text = bytes.substr(sizeof l.number);
  return l;
}

post::letter post::wait() {
  for (patience idle;; idle.wait())
    if (auto l = look()) return *std::move(l);
}

}  // namespace salient::explainer
