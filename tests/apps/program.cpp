// SPDX-License-Identifier: MIT
#include "program.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>

const std::vector<std::string> demos{"gradients",     "gradients-x-input", "integrated-gradients",
                                     "deconvolution", "guided-backprop",   "cam",
                                     "grad-cam",      "guided-grad-cam"};

namespace {

std::string content(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

void redirect(int stream, const std::filesystem::path& file) {
  dup2(open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), stream);
}

}  // namespace

workshop::workshop() {
  std::string name = std::filesystem::path(::testing::TempDir()) / "salient-apps-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for the test");
  folder_ = name;
  std::filesystem::create_directory(folder_ / "here");
}

workshop::~workshop() { std::filesystem::remove_all(folder_); }

pid_t workshop::start(const std::string& program, const std::vector<std::string>& arguments,
                      const std::filesystem::path& output) const {
  const std::string file = std::string(SALIENT_PROGRAMS) + "/salient-" + program;
  std::vector<std::string> all{"salient-" + program};
  all.insert(all.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& a : all) pointers.push_back(a.data());
  pointers.push_back(nullptr);

  const pid_t child = fork();
  if (child == 0) {
    redirect(STDOUT_FILENO, output);
    redirect(STDERR_FILENO, folder_ / "stderr");
    if (chdir((folder_ / "here").c_str()) == 0) execv(file.c_str(), pointers.data());
    _exit(127);
  }
  return child;
}

ending workshop::run(const std::string& program, const std::vector<std::string>& arguments,
                     const std::filesystem::path& output) const {
  const pid_t child = start(program, arguments, output.empty() ? folder_ / "stdout" : output);
  int status = 0;
  rusage used{};
  wait4(child, &status, 0, &used);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, content(folder_ / "stdout"),
          content(folder_ / "stderr"), used.ru_maxrss * 1024};
}

bool workshop::kill_once(const std::function<bool()>& appeared, const std::string& program,
                         const std::vector<std::string>& arguments) const {
  const pid_t child = start(program, arguments, folder_ / "stdout");
  int status = 0;
  while (!appeared()) {
    if (waitpid(child, &status, WNOHANG) == child) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  kill(child, SIGKILL);
  waitpid(child, &status, 0);
  return WIFSIGNALED(status);
}

std::vector<std::string> workshop::files() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder_ / "here"))
    names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

std::string installed_browser() {
  for (const char* name : {"chromium", "chromium-browser"})
    if (std::system(("command -v " + std::string(name) + " > /dev/null").c_str()) == 0) return name;
  return "";
}

std::string content_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

std::vector<std::string> words(const std::string& line) {
  std::istringstream in(line);
  return {std::istream_iterator<std::string>(in), {}};
}
