// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

#include "program.hpp"

/// A program that mpirun has started in the folder of a workshop.
class mpi_run {
 public:
  /// salient-`program` in `ranks` processes.
  mpi_run(const workshop& here, int ranks, const std::string& program, const std::string& arguments);
  mpi_run(const mpi_run&) = delete;
  mpi_run& operator=(const mpi_run&) = delete;
  /// Kills what is left.
  ~mpi_run();

  /// Waits for the end of mpirun, at most so long. A code of -2: it did not end.
  ending wait(int seconds = 60);
  bool running();

  /// The processes of the program, in no order.
  std::vector<pid_t> processes() const;
  /// Kills one of them: the one with this rank; false if there is none yet.
  bool kill_rank(int rank) const;
  /// Kills mpirun and everything that it started.
  void kill_all();

 private:
  std::string program_, folder_;
  pid_t mpirun_ = 0;
  int status_ = 0;
  bool ended_ = false;
};
