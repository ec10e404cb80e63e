// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string_view>

#include "salient/method/list.hpp"

namespace gallery {

/// The page's texts about a method, beside those of salient/method/words.hpp. Its numbers are measured.
struct method_text {
  std::string_view program;
  std::string_view does;
  std::string_view needs;
  std::string_view good;
  std::string_view bad;
};

/// In the order of salient/method/list.hpp, which is that of the columns and sections.
inline constexpr std::array<method_text, salient::methods_count> method_texts{{
    {"salient-gradients",
     "The slope of the class score at this very image: red where more ink would raise the score, blue "
     "where it would lower it. Because it speaks of small changes only, empty paper can matter as much as "
     "ink.",
     "Any network that can be differentiated.",
     "One backward pass, a value for every pixel, and nothing to choose. The simplest of all, and the part "
     "from which most others are built.",
     "Grainy and hard to place. Where a unit is saturated the slope is flat, so something that decided the "
     "answer can get no credit at all."},
    {"salient-gradients-x-input",
     "The gradient times the pixel's own value: what each pixel would contribute if the network were "
     "linear. Black pixels have the value zero and get nothing.",
     "Any network that can be differentiated.",
     "Costs no more than the gradient and sits on what is really in the picture. For a linear network "
     "without biases it is exact.",
     "It still trusts the slope at one point, with the same graininess and the same blind spot for "
     "saturated units; and what zero means was decided by whoever scaled the images."},
    {"salient-integrated-gradients",
     "The gradient averaged along the straight way from a black image to this one, times how far each "
     "pixel moved. The values add up to the change of the score, so the map is a budget: every unit of "
     "score is given to some pixel.",
     "Any network that can be differentiated, and an image to start from.",
     "Follows from stated axioms, misses no saturated unit, tells classes apart at full resolution, and "
     "brings its own error bar: the gap between the sum and the change of the score.",
     "Dozens of forward and backward passes instead of one, and two choices to defend: the starting image "
     "and the number of steps."},
    {"salient-deconvolution",
     "Runs the network backwards from the score, by transposed convolutions and remembered pooling "
     "positions. Every ReLU lets positive signals pass, no matter whether it was on when the image came "
     "through.",
     "A convolution and a ReLU.",
     "One pass, full resolution. It can also start inside the network, from one feature map or its "
     "strongest unit, and so shows what that unit looks for.",
     "What speaks against the class is thrown away at each ReLU. Only the pooling positions tie the map to "
     "the image: with few poolings it is hardly about this image, and with many the class hardly changes "
     "it."},
    {"salient-guided-backprop",
     "The backward pass of the gradient, except that a ReLU stops a signal twice over: where it was off, "
     "and where the signal is negative. Blue is left where the first layer weighs a pixel negatively.",
     "A ReLU, whose backward pass is exchanged.", "The crispest strokes of the eight, from one pass.",
     "Like deconvolution it drops at each ReLU what speaks against the class, and it draws much the same "
     "picture whichever "
     "class it is asked about: closer to an edge detector than to a reason."},
    {"salient-cam",
     "The last feature maps, added up with the weights by which the classifier reads them: red where the "
     "maps speak for the class, blue where they speak against it. Enlarged and laid over the digit.",
     "A network that ends in a global average pool and one dense layer.",
     "No backward pass, just a weighted sum that anybody can follow; keeps its sign and separates classes "
     "well.",
     "As coarse as the last feature maps. Few networks have this ending, and training one with it takes "
     "longer or gives up some accuracy."},
    {"salient-grad-cam",
     "Also a weighted sum of feature maps, but each weight is the mean gradient of the score over that "
     "map, so no special ending is needed. Only the positive part is kept.",
     "A layer whose output is a map; the last convolution unless told otherwise.",
     "Works on any convolutional network, needs the backward pass only down to its layer, and separates "
     "classes.",
     "As coarse as its layer, and the mean over a map can cancel what its parts say. With a pooled ending "
     "it is CAM again, by a longer way."},
    {"salient-guided-grad-cam",
     "Guided backpropagation times the enlarged Grad-CAM: the first says which strokes, the second says "
     "where they count for this class.",
     "A layer whose output is a map, and a ReLU.",
     "Sharp as the one and class-aware as the other; both come from the same forward pass.",
     "Wherever Grad-CAM is zero it is empty, and evidence against the class stays lost as in guided "
     "backpropagation."},
}};

}  // namespace gallery
