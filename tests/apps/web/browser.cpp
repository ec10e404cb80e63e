// SPDX-License-Identifier: MIT
#include "browser.hpp"

#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <unistd.h>
#include <vector>

#include <sys/wait.h>

#include "program.hpp"

browser::browser(const std::string& address, const std::filesystem::path& folder, bool dark)
    : said_(folder / "browser.log") {
  std::vector<std::string> words{installed_browser(),
                                 "--headless=new",
                                 "--no-sandbox",
                                 "--disable-gpu",
                                 "--disable-dev-shm-usage",
                                 "--no-first-run",
                                 "--window-size=1400,1000",
                                 "--enable-logging=stderr",
                                 "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                                 "--user-data-dir=" + (folder / "profile").string(),
                                 "--blink-settings=preferredColorScheme=" + std::string(dark ? "0" : "1"),
                                 address};
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  process_ = fork();
  if (process_ != 0) return;
  setpgid(0, 0);  // with all processes that it starts
  const int log = open(said_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  execvp(pointers[0], pointers.data());
  _exit(127);
}

browser::~browser() {
  kill(-process_, SIGKILL);
  waitpid(process_, nullptr, 0);
}

std::string browser::console() const {
  std::ifstream log(said_);
  std::string all;
  for (std::string line; std::getline(log, line);)
    if (line.find(":CONSOLE:") != std::string::npos || line.find(":CONSOLE(") != std::string::npos)
      all += line + "\n";
  return all;
}
