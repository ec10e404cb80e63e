// SPDX-License-Identifier: MIT
#include "io/npy_header.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <string_view>

#include "io/file_kind.hpp"
#include "io/message.hpp"

namespace salient::detail {
namespace {

constexpr std::size_t longest_header = 1 << 16;

struct dtype {
  std::string_view name;
  number kind;
};
constexpr dtype dtypes[] = {{"f4", number::f32}, {"f8", number::f64}, {"f2", number::f16},
                            {"u1", number::u8},  {"i1", number::i8},  {"i2", number::i16},
                            {"i4", number::i32}, {"i8", number::i64}, {"u2", number::u16},
                            {"u4", number::u32}, {"u8", number::u64}, {"b1", number::boolean}};

/// Parses the Python dict that describes the array: {'descr': '<f4', 'fortran_order': False,
/// 'shape': (2, 3), }
class dict_parser {
 public:
  dict_parser(const input_file& in, std::string_view text) : in_(in), rest_(text) {}

  npy_header parse() {
    npy_header result;
    std::set<std::string_view> seen;
    expect('{');
    while (!accept('}')) {
      const auto key = text();
      if (!seen.insert(key).second) broken();
      expect(':');
      if (key == "descr")
        set_dtype(result);
      else if (key == "fortran_order")
        check_order();
      else if (key == "shape")
        result.dimensions = shape();
      else
        broken();
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skip_space();
    if (seen.size() != 3 || !rest_.empty()) broken();
    return result;
  }

 private:
  [[noreturn]] void broken() const {
    fail(in_.path(),
         "its NPY header is malformed at " + in_quotes(rest_.substr(0, 20)) + "; save the array again");
  }

  void skip_space() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \n"), rest_.size())); }

  bool accept(char c) {
    skip_space();
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void expect(char c) {
    if (!accept(c)) broken();
  }

  std::string_view text() {
    const char quote = accept('\'') ? '\'' : '"';
    if (quote == '"') expect('"');
    const auto length = rest_.find(quote);
    if (length == std::string_view::npos) broken();
    const auto result = rest_.substr(0, length);
    rest_.remove_prefix(length + 1);
    return result;
  }

  void set_dtype(npy_header& result) {
    if (accept('['))
      fail(in_.path(), "holds records, expected an array of numbers; save one of their fields");
    const auto stored = text();
    const auto bare = stored.substr(std::min(stored.find_first_not_of("<|=>"), stored.size()));
    const auto known = std::ranges::find(dtypes, bare, &dtype::name);
    if (known == std::end(dtypes))
      fail(in_.path(), "holds values of dtype " + in_quotes(stored) +
                           ", expected real numbers; save it with .astype(numpy.float32)");
    if (stored.starts_with('>') && bytes_of(known->kind) > 1)
      fail(in_.path(), "holds values of dtype " + in_quotes(stored) +
                           ", most significant byte first; save it with .astype(\"<" + std::string(bare) +
                           "\")");
    result.dtype = bare;
    result.kind = known->kind;
  }

  void check_order() {
    skip_space();
    const bool fortran = rest_.starts_with("True");
    if (!fortran && !rest_.starts_with("False")) broken();
    rest_.remove_prefix(fortran ? 4 : 5);
    if (fortran)
      fail(in_.path(), "is stored in Fortran order, expected C order; save it with numpy.ascontiguousarray");
  }

  std::vector<long> shape() {
    std::vector<long> result;
    expect('(');
    while (!accept(')')) {
      skip_space();
      long value = 0;
      const auto [end, code] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
      if (code != std::errc{} || value < 0) broken();
      rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
      if (rest_.starts_with('L')) rest_.remove_prefix(1);  // Python 2's long integers
      result.push_back(value);
      if (!accept(',')) {
        // A number in parentheses without a comma is not a tuple in Python.
        if (result.size() == 1) broken();
        expect(')');
        break;
      }
    }
    return result;
  }

  const input_file& in_;
  std::string_view rest_;
};

std::string read_text(input_file& in) {
  const auto cut_short = [&] { fail(in.path(), "its NPY header is cut short; copy or save the file again"); };
  const std::string kind = kind_of(in, "an NPY file");
  const auto prefix = in.read_up_to(8);
  if (prefix.size() < 6 || !std::equal(std::begin(npy_signature), std::end(npy_signature), prefix.begin()))
    fail(in.path(), kind + "; save one array with numpy.save");
  if (prefix.size() < 8) cut_short();
  if (prefix[6] < 1 || prefix[6] > 3 || prefix[7] != 0)
    fail(in.path(), "is of NPY version " + std::to_string(prefix[6]) + "." + std::to_string(prefix[7]) +
                        ", expected 1.0, 2.0 or 3.0; save it with another NumPy");
  const auto width = std::size_t{prefix[6] == 1 ? 2U : 4U};
  const auto size = in.read_up_to(width);
  if (size.size() < width) cut_short();
  std::size_t length = 0;
  for (std::size_t i = 0; i < width; ++i) length |= std::size_t{size[i]} << 8 * i;
  if (length > longest_header)
    fail(in.path(), "declares an NPY header of " + std::to_string(length) + " bytes, expected at most 65536" +
                        "; save the array again");
  const auto text = in.read_up_to(length);
  if (text.size() < length) cut_short();
  return {text.begin(), text.end()};
}

}  // namespace

npy_header read_npy_header(input_file& in) {
  const std::string text = read_text(in);
  npy_header header = dict_parser(in, text).parse();
  const auto count = element_count(header.dimensions, bytes_of(header.kind));
  if (!count)
    fail(in.path(),
         "declares impossible dimensions " + dimensions_text(header.dimensions) + "; save the array again");
  header.count = *count;
  return header;
}

npy read_npy_values(input_file& in, const npy_header& header) {
  npy result{header.dtype, header.dimensions, {}};
  const std::string what = "the array of " + dimensions_text(header.dimensions);
  result.values = read_floats(in, header.kind, header.count, what);
  if (!in.peek(1).empty()) fail(in.path(), "has trailing bytes after " + what + "; save the array again");
  return result;
}

}  // namespace salient::detail
