// SPDX-License-Identifier: MIT
#pragma once

// Everything that a program needs to measure how good maps are. The library itself does not include this
// header.

#include "salient/metric/completeness.hpp"
#include "salient/metric/complexity.hpp"
#include "salient/metric/confidence.hpp"
#include "salient/metric/correlation.hpp"
#include "salient/metric/cost.hpp"
#include "salient/metric/dependence.hpp"
#include "salient/metric/effective_resolution.hpp"
#include "salient/metric/infidelity.hpp"
#include "salient/metric/interval.hpp"
#include "salient/metric/max_sensitivity.hpp"
#include "salient/metric/perturbation.hpp"
#include "salient/metric/pointing_game.hpp"
#include "salient/metric/randomisation.hpp"
#include "salient/metric/relevance_accuracy.hpp"
#include "salient/metric/road.hpp"
#include "salient/metric/sparseness.hpp"
#include "salient/metric/structural_similarity.hpp"
#include "salient/metric/total_variation.hpp"
