// SPDX-License-Identifier: MIT

// Writes a network's declaration and weights from an ONNX file.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <iostream>

#include "explainer/class_labels.hpp"
#include "import/list.hpp"
#include "import/names.hpp"
#include "import/paths.hpp"
#include "import/reserved.hpp"
#include "import/simplify.hpp"
#include "import/translate.hpp"
#include "import/tree.hpp"
#include "import/write.hpp"
#include "salient/core/error.hpp"
#include "salient/explainer/command_line.hpp"
#include "salient/explainer/guard.hpp"
#include "salient/explainer/options.hpp"
#include "salient/io/file.hpp"

namespace {

namespace fs = std::filesystem;
namespace explainer = salient::explainer;

struct request {
  std::vector<std::string> models;
  std::string name, space, out = ".", size, labels, output;
  bool declaration_only = false, list = false;
  explainer::preprocessing_options images;
  std::optional<int> resize;
  salient::filter filter = salient::filter::bilinear;
  bool crop_first = false;
};

std::optional<importer::extent2> size_of(const explainer::command_line& line, const std::string& text) {
  if (text.empty()) return {};
  importer::extent2 size;
  const char *at = text.data(), *const end = at + text.size();
  const auto height = std::from_chars(at, end, size.height);
  if (height.ec != std::errc() || height.ptr == end || *height.ptr != 'x')
    line.wrong_usage("--input-size '" + text + "' is not a height and a width such as 224x224");
  const auto width = std::from_chars(height.ptr + 1, end, size.width);
  if (width.ec != std::errc() || width.ptr != end || size.height < 1 || size.width < 1 ||
      size.height > 65536 || size.width > 65536)
    line.wrong_usage("--input-size '" + text + "' is not a height and a width such as 224x224");
  return size;
}

/// A name that the declaration can have: none that it uses, as "relu" may be.
std::string name_of(const explainer::command_line& line, const request& r, const importer::network& n,
                    const salient::onnx::model& m) {
  const std::string wanted =
      r.name.empty() ? importer::identifier_of(fs::path(r.models[0]).stem().string()) : r.name;
  importer::declaration other;
  other.name = "n_";
  if (!importer::is_reserved(wanted) && !importer::uses(importer::header_of(n, m, other), wanted))
    return wanted;
  if (!r.name.empty())
    line.wrong_usage("--name '" + wanted + "' means something else in the declaration; choose another");
  return wanted + (wanted.ends_with('_') ? "network" : "_network");
}

void refuse(const std::string& path, const importer::network& n) {
  if (n.refusals.empty()) return;
  const std::size_t more = n.refusals.size() - 1;
  throw salient::error(path + ": " + n.refusals[0] +
                       (more == 0 ? "" : " (and " + std::to_string(more) + " more; --list shows all)"));
}

void import_model(const explainer::command_line& line, const request& r) {
  const std::string& path = r.models[0];
  const auto size = size_of(line, r.size);
  const bool declares = r.declaration_only || r.list;
  const salient::onnx::model m = salient::onnx::read_model(
      path, declares ? salient::onnx::weights::optional : salient::onnx::weights::needed);
  importer::network n;
  try {
    n = importer::translate(m, {r.output, size});
    if (n.refusals.empty()) {
      importer::simplify(n);
      importer::order_as_nested(n);
      importer::assign_paths(n);
    }
  } catch (const salient::error& e) {
    throw salient::error(path + ": " + e.what());
  }
  if (r.list) {
    std::cout << importer::description_of(m, n);
    return;
  }
  refuse(path, n);
  importer::declaration d;
  d.name = name_of(line, r, n, m);
  d.space = r.space;
  d.source = fs::path(path).filename().string();
  d.images = r.images.over({});
  const int shorter = std::min(n.input.height, n.input.width);
  // As most classifiers of photographs were trained for: 256 for 224. Small images have no margin to cut off.
  if (r.resize && *r.resize > 0 && *r.resize < shorter)
    line.wrong_usage("--resize " + std::to_string(*r.resize) + " is less than the network's input of " +
                     std::to_string(n.input.height) + "x" + std::to_string(n.input.width));
  constexpr int small = 96;
  const int usual = shorter < small ? shorter : static_cast<int>(std::lround(shorter * 256.0 / 224));
  d.images.fit = {.resize = r.resize.value_or(usual), .filter = r.filter, .crop_first = r.crop_first};
  if (const auto why = salient::defect_of(d.images, n.input.channels); !why.empty())
    line.wrong_usage("--mean, --std, --range and --channels: " + std::string(why) + "; the network has " +
                     std::to_string(n.input.channels) + " channels");
  const long classes = n.rows[static_cast<std::size_t>(n.output) - 1].extent.elements();
  if (!r.labels.empty()) d.labels = explainer::read_labels(r.labels, static_cast<int>(classes));
  const fs::path folder = r.out, header = folder / (d.name + ".hpp"),
                 weights = folder / (d.name + ".safetensors");
  std::error_code ignored;
  fs::create_directories(folder, ignored);  // a failure is told by the file that cannot be written
  salient::check_writable(header);
  const std::string text = importer::header_of(n, m, d);
  if (!r.declaration_only) {
    importer::write_weights(n, m, d, weights);
    std::cout << weights.string() << "\n";
  }
  salient::write_file(header, text);
  std::cout << header.string() << "\n";
}

}  // namespace

int main(int argc, char** argv) {
  explainer::command_line line(
      "salient-import",
      "Writes the C++ declaration of a network (NAME.hpp) and its weights (NAME.safetensors) from an ONNX "
      "file.\n\nOperators that are read, where they are part of a feed-forward classifier of images:\n" +
          importer::all_operators() + ".");
  request r;
  line.heading("Options");
  line.list("MODEL.onnx", "The model", r.models);
  line.option("--name NAME", "The network's name in C++ (default: from the file's name)", r.name);
  line.option("--namespace NAMESPACE", "Namespace around it (default: none)", r.space);
  line.option("--out FOLDER", "Where the two files are written", r.out);
  line.option("--input-size HxW",
              "Height and width of the images, where the file leaves them open or another size is wanted",
              r.size);
  line.option("--output OUTPUT", "The class scores, if the model has several outputs", r.output);
  line.option("--labels FILE.txt", "Names of the classes, one a line, to be part of the declaration",
              r.labels);
  line.flag("--declaration-only", "Write no weights; they may be missing", r.declaration_only);
  line.flag("--list", "Print what the file holds and what of it cannot be imported, and write nothing",
            r.list);
  explainer::add_preprocessing_options(line, r.images);
  line.heading("How pictures of another size are fitted (must be as in training)");
  line.option(
      "--resize PIXELS",
      "Pixels of the shorter side before the middle is cut out; 0: other sizes are refused (default: 256 for "
      "an input of 224 and in that proportion for others; nothing is cut off for one below 96)",
      r.resize, explainer::between(0, 65536));
  line.choice("--filter", "How pixels are weighted", r.filter,
              {{"bilinear", salient::filter::bilinear}, {"bicubic", salient::filter::bicubic}});
  line.flag("--crop-first", "Cut out the middle first, then resize it", r.crop_first);
  line.parse(argc, argv);
  if (r.models.size() != 1)
    line.wrong_usage(r.models.empty() ? "name an ONNX file" : "name one ONNX file only");
  if (!r.name.empty() && (!importer::is_identifier(r.name) || importer::is_reserved(r.name)))
    line.wrong_usage("--name '" + r.name + "' is not a name in C++");
  if (!r.space.empty() && !importer::is_namespace(r.space))
    line.wrong_usage("--namespace '" + r.space + "' is not a namespace such as project::networks");
  return explainer::guarded(line.program(), [&] { import_model(line, r); });
}
