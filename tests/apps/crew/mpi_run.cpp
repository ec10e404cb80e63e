// SPDX-License-Identifier: MIT
#include "mpi_run.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <thread>
#include <unistd.h>

#include <sys/wait.h>

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;

/// Empty for what cannot be read, such as a file of a process that has ended.
std::string content(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

/// "state parent ..." of a process; empty if there is none.
std::string state_of(const std::string& process) {
  const std::string text = content("/proc/" + process + "/stat");  // "pid (name) state parent ..."
  const auto name_end = text.rfind(") ");
  return name_end == std::string::npos ? "" : text.substr(name_end + 2);
}

bool is_alive(pid_t process) {
  const std::string state = state_of(std::to_string(process));
  return !state.empty() && state[0] != 'Z';
}

/// All processes below this one.
std::vector<pid_t> below(pid_t root) {
  std::vector<std::pair<pid_t, pid_t>> all;  // process, parent
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") == std::string::npos)
      if (const std::string state = state_of(name); !state.empty())
        all.emplace_back(std::atoi(name.c_str()), std::atoi(state.c_str() + 2));
  }
  std::vector<pid_t> found{root};
  for (std::size_t i = 0; i < found.size(); ++i)
    for (const auto& [process, parent] : all)
      if (parent == found[i]) found.push_back(process);
  found.erase(found.begin());
  return found;
}

}  // namespace

mpi_run::mpi_run(const workshop& here, int ranks, const std::string& program, const std::string& arguments)
    : program_(std::string(SALIENT_PROGRAMS) + "/salient-" + program), folder_(here / "") {
  std::vector<std::string> all = words(std::string(SALIENT_MPIRUN) + " " + std::to_string(ranks));
  all.push_back(program_);
  for (const std::string& a : words(arguments)) all.push_back(a);
  std::vector<char*> pointers;
  for (std::string& a : all) pointers.push_back(a.data());
  pointers.push_back(nullptr);
  mpirun_ = fork();
  if (mpirun_ == 0) {
    const auto redirect = [&](const char* name, int stream) {
      dup2(open((folder_ + "../" + name).c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), stream);
    };
    redirect("stdout", STDOUT_FILENO);
    redirect("stderr", STDERR_FILENO);
    if (chdir(folder_.c_str()) == 0) execv(pointers[0], pointers.data());
    _exit(127);
  }
}

mpi_run::~mpi_run() {
  if (running()) kill_all();
}

bool mpi_run::running() {
  if (!ended_) ended_ = waitpid(mpirun_, &status_, WNOHANG) == mpirun_;
  return !ended_;
}

ending mpi_run::wait(int seconds) {
  const auto start = clock_type::now();
  while (running() && clock_type::now() - start < std::chrono::seconds(seconds))
    std::this_thread::sleep_for(5ms);
  const int code = !ended_ ? -2 : WIFEXITED(status_) ? WEXITSTATUS(status_) : -1;
  return {code, content(folder_ + "../stdout"), content(folder_ + "../stderr"), 0};
}

std::vector<pid_t> mpi_run::processes() const {
  std::vector<pid_t> all = below(mpirun_);
  std::erase_if(all, [&](pid_t process) {
    std::error_code gone;
    return fs::read_symlink("/proc/" + std::to_string(process) + "/exe", gone) != fs::canonical(program_);
  });
  return all;
}

bool mpi_run::kill_rank(int rank) const {
  for (const pid_t process : processes()) {
    const std::string environment = '\0' + content("/proc/" + std::to_string(process) + "/environ");
    for (const char* name : {"OMPI_COMM_WORLD_RANK=", "PMI_RANK="})
      if (environment.find('\0' + (name + std::to_string(rank)) + '\0') != std::string::npos)
        return kill(process, SIGKILL) == 0;
  }
  return false;
}

void mpi_run::kill_all() {
  const std::vector<pid_t> all = below(mpirun_);
  kill(mpirun_, SIGKILL);
  for (const pid_t process : all) kill(process, SIGKILL);
  waitpid(mpirun_, &status_, 0);
  ended_ = true;
  // They are not this process's children: wait until they are gone.
  for (int i = 0; i < 2000; ++i) {
    if (std::ranges::none_of(all, is_alive)) return;
    std::this_thread::sleep_for(5ms);
  }
}
