// SPDX-License-Identifier: MIT
#include "salient/io/npy.hpp"

#include "io/message.hpp"
#include "io/npy_header.hpp"

namespace salient {

npy read_npy(const std::filesystem::path& path) {
  input_file in(path);
  const auto header = detail::read_npy_header(in);
  return detail::read_npy_values(in, header);
}

void write_npy(const std::filesystem::path& path, std::span<const float> values,
               const std::vector<long>& dimensions) {
  if (detail::element_count(dimensions, sizeof(float)) != values.size())
    detail::fail(path, "an array of " + detail::dimensions_text(dimensions) + " has " +
                           std::to_string(values.size()) + " values; make both agree");
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (";
  for (const long d : dimensions) header += std::to_string(d) + ", ";
  header += "), }";
  // Signature, version and length take 10 bytes, and a newline ends the header. The data must begin at a
  // multiple of 64.
  constexpr std::size_t before = 10;
  header.resize((before + header.size() + 1 + 63) / 64 * 64 - before - 1, ' ');
  header += '\n';
  if (header.size() > 0xffff)
    detail::fail(path, "an array of so many dimensions cannot be written; reshape it");

  std::vector<std::uint8_t> start(std::begin(detail::npy_signature), std::end(detail::npy_signature));
  for (const std::size_t byte : {std::size_t{1}, std::size_t{0}, header.size() & 0xff, header.size() >> 8})
    start.push_back(static_cast<std::uint8_t>(byte));
  start.insert(start.end(), header.begin(), header.end());

  output_file out(path);
  out.write(start);
  out.write(std::span(reinterpret_cast<const std::uint8_t*>(values.data()), values.size_bytes()));
  out.commit();
}

}  // namespace salient
