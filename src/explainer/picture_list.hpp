// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "salient/core/fitting.hpp"
#include "salient/core/tensor.hpp"
#include "salient/core/warning.hpp"
#include "salient/explainer/image_range.hpp"
#include "salient/io/image_set.hpp"

namespace salient::explainer {

/// The pictures of a run, numbered from 0: files of one picture, and images of sets.
class picture_list {
 public:
  void add(std::string file);
  /// Image 17 of the set is called `called` + "17".
  void add(std::string set, image_range images, std::string called);

  long size() const { return size_; }

  struct place {
    const std::string* file;
    long image = -1;   ///< its number in a set; -1 for a file of one picture
    std::string name;  ///< "photos/cat.jpg", "set#17"
    std::string stem;  ///< for the names of files: "cat", "set-17"
  };
  place operator[](long n) const;

  /// A hash of the pictures' names and the sizes of their files, which tells lists apart, and not files of
  /// the same name and size.
  std::string hash() const;

 private:
  // A million files are as many entries.
  struct entry {
    std::string file;
    long start;    // its first picture's number
    int set = -1;  // index of `sets_`
  };
  struct images {
    long first;
    std::string called;
  };
  std::vector<entry> entries_;
  std::vector<images> sets_;
  long size_ = 0;
};

/// Reads the pictures of a list for a network. The files of sets stay open, so that pictures in order are
/// read without a search.
class picture_reader {
 public:
  picture_reader(const picture_list& pictures, shape input, fitting fit, warning_handler warn);

  /// Throws salient::error, which names the file, for a picture that cannot be read.
  tensor read(long n);

 private:
  const picture_list& pictures_;
  shape input_;
  fitting fit_;
  warning_handler warn_;
  std::optional<image_set> open_;
  const std::string* opened_ = nullptr;
};

/// The pictures that words of a command line stand for: those of picture_files, and IDX and safetensors files
/// for all their images, or some as in "set#17" and "set#0:1000". `input`: of the network. Throws
/// salient::error as picture_files does, and for a set that cannot be used; a picture that does not exist is
/// left to its reader.
void add_pictures(const std::string& word, shape input, picture_list& to);

}  // namespace salient::explainer
