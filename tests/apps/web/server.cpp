// SPDX-License-Identifier: MIT
#include "server.hpp"

#include <array>
#include <chrono>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <unistd.h>
#include <utility>

#include <netinet/in.h>
#include <sys/socket.h>

namespace {

const std::map<std::string, std::string> types{{".html", "text/html; charset=utf-8"},
                                               {".js", "text/javascript"},
                                               {".css", "text/css"},
                                               {".bin", "application/octet-stream"}};

void send_all(int connection, const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t n = send(connection, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return;
    sent += static_cast<std::size_t>(n);
  }
}

/// A request with its body; empty if the connection ends before. The body's length is the last header's word.
std::string receive(int connection) {
  std::string request;
  std::array<char, 65536> some{};
  for (std::size_t wanted = std::string::npos; request.size() < wanted;) {
    const ssize_t n = recv(connection, some.data(), some.size(), 0);
    if (n <= 0) return {};
    request.append(some.data(), static_cast<std::size_t>(n));
    const std::size_t end = request.find("\r\n\r\n");
    if (end == std::string::npos) continue;
    const std::size_t length = request.find("Content-Length: ");
    wanted = end + 4 + (length < end ? std::stoul(request.substr(length + 16)) : 0);
  }
  return request;
}

}  // namespace

server::server(std::filesystem::path site, std::filesystem::path pages)
    : site_(std::move(site)), pages_(std::move(pages)), listening_(socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  auto* const address = reinterpret_cast<sockaddr*>(&at);
  if (bind(listening_, address, size) != 0 || listen(listening_, 64) != 0 ||
      getsockname(listening_, address, &size) != 0)
    throw std::runtime_error("the test's server cannot listen");
  port_ = ntohs(at.sin_port);
  accepting_ = std::thread([this] { accept_all(); });
}

server::~server() {
  shutdown(listening_, SHUT_RDWR);
  close(listening_);
  accepting_.join();
  for (std::thread& t : answering_) t.join();
}

std::optional<std::string> server::report() {
  std::unique_lock lock(mutex_);
  reported_.wait_for(lock, std::chrono::minutes(2), [this] { return report_.has_value(); });
  return std::exchange(report_, std::nullopt);
}

void server::accept_all() {
  for (int connection; (connection = accept(listening_, nullptr, nullptr)) >= 0;)
    answering_.emplace_back([this, connection] {  // a browser opens some that it does not use
      answer(connection);
      close(connection);
    });
}

void server::answer(int connection) {
  const std::string request = receive(connection);
  if (request.empty()) return;
  const std::size_t from = request.find(' ') + 1;
  std::string path = request.substr(from, request.find_first_of(" ?", from) - from);
  const std::string end = "Connection: close\r\n\r\n";
  if (request.starts_with("POST ")) {
    if (path == "/vanish") vanished_ = true;
    if (path == "/report") {
      const std::scoped_lock lock(mutex_);
      report_ = request.substr(request.find("\r\n\r\n") + 4);
      reported_.notify_one();
    }
    return send_all(connection, "HTTP/1.1 204 No Content\r\n" + end);
  }
  if (vanished_) return;
  if (path.ends_with("/")) path += "index.html";
  const std::filesystem::path file =
      path.starts_with("/test/") ? pages_ / path.substr(6) : site_ / path.substr(1);
  std::ifstream in(file, std::ios::binary);
  if (!in) return send_all(connection, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n" + end);
  const std::string body{std::istreambuf_iterator<char>(in), {}};
  const auto type = types.find(file.extension());
  send_all(connection, "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) +
                           "\r\nContent-Type: " + (type == types.end() ? "text/plain" : type->second) +
                           "\r\n" + end + body);
}
