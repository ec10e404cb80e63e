# SPDX-License-Identifier: MIT
"""Writes references.json: what other libraries say of the metrics, for references.test.cpp.

    python3 -m venv build/metrics && build/metrics/bin/pip install -r tests/metric/requirements.txt
    build/metrics/bin/python tests/metric/generate.py

Where another library departs from a definition, the reference is the definition's value, and the difference is said
here:

- Quantus' Sparseness adds 1e-7 to every value, and its Complexity 1e-12 to every share: close, but for maps of about
  that size. Neither refuses a map of zeros.
- Quantus' PointingGame means to skip an empty mask, but stores NaN in an array of booleans, where it is True: a hit.
  Of equal maxima any that lies on the object is a hit, so every constant map hits.
- Quantus' RelevanceMassAccuracy divides by the signed sum, and leaves 0..1 for a map with negative values.
- Quantus' PixelFlipping leaves out the unchanged image's score, its area takes every step to be 1 wide, and it changes
  the channels of a pixel one by one, so it is no deletion curve.
- torch-cam's deletion and insertion are the definition's, but both start or end at one baseline; here it is called
  once with zeros and once with the blurred image. Its steps are equal only if they divide the number of pixels, and
  its shares are in float32. Its average drop adds 1e-7 to the probability that it divides by.
- captum has none of these metrics.
"""

import contextlib
import json
import math
import warnings
from importlib.metadata import version
from pathlib import Path

import numpy
import quantus
import torch
import torchcam.metrics
from scipy import ndimage, stats
from skimage.metrics import structural_similarity

random = numpy.random.default_rng(15)
warnings.filterwarnings("ignore")


def stored(array):
    """A map H x W x C, or a batch of them, as the test reads it."""
    return {"shape": list(array.shape), "values": [float(v) for v in array.reshape(-1)]}


def rounded(array, unit):
    """Multiples of `unit`, a power of two: exact in float32, and short in a file."""
    return numpy.round(array / unit) * unit


def agree(ours, theirs, within):
    assert abs(ours - theirs) <= within * max(abs(ours), 1e-12), (ours, theirs)
    return float(ours)


# Maps alone.


def sparseness(map):
    a = numpy.sort(numpy.abs(map).sum(-1).reshape(-1))
    i = numpy.arange(1, a.size + 1)
    ours = ((2 * i - a.size - 1) * a).sum() / (a.size * a.sum())
    theirs = quantus.Sparseness(disable_warnings=True, normalise=False, abs=True).evaluate_batch(
        x_batch=None, a_batch=a[None].copy())[0]
    return agree(ours, theirs, 1e-6)


def complexity(map):
    a = numpy.abs(map).sum(-1).reshape(-1)
    theirs = quantus.Complexity(disable_warnings=True, normalise=False, abs=True).evaluate_batch(
        x_batch=None, a_batch=a[None].copy())[0]
    return agree(stats.entropy(a), theirs, 1e-9)


def total_variation(map):
    a = numpy.abs(map).sum(-1)
    return float((numpy.abs(numpy.diff(a, axis=0)).sum() + numpy.abs(numpy.diff(a, axis=1)).sum()) / a.sum())


def effective_resolution(map):
    a = numpy.abs(map).sum(-1)

    def keeps(sigma):
        return stats.spearmanr(a.reshape(-1), ndimage.gaussian_filter(a, sigma).reshape(-1)).statistic >= 0.95

    low, high = 0.0, 0.25
    while keeps(high):
        low, high = high, high * 2**0.25
    assert low > 0 and high < max(a.shape)
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (middle, high) if keeps(middle) else (low, middle)
    return low


def noise(height, width, channels, sigma=0.0):
    array = random.normal(size=(height, width, channels))
    if sigma:
        array = ndimage.gaussian_filter(array, (sigma, sigma, 0))
        array /= array.std()
    return array


def alone():
    maps = [rounded(noise(6, 5, 1), 1 / 4), rounded(noise(4, 7, 3), 1 / 64),
            rounded(noise(5, 6, 2) > 0.5, 1), rounded(noise(9, 8, 1, 1.5), 1 / 64)]
    return [{"map": stored(m), "sparseness": sparseness(m), "complexity": complexity(m),
             "total_variation": total_variation(m)} for m in maps]


def resolutions():
    maps = [rounded(noise(24, 20, 1, sigma), 1 / 1024) for sigma in (1.0, 2.0)]
    maps.append(rounded(noise(15, 22, 2, 3.0), 1 / 1024))
    return [{"map": stored(m), "sigma": effective_resolution(m)} for m in maps]


# Pairs of maps.


def similarity(a, b, data_range):
    return float(structural_similarity(a, b, data_range=data_range, gaussian_weights=True, sigma=1.5,
                                       use_sample_covariance=False, channel_axis=-1))


def pairs():
    result = []
    for a, b in [(rounded(noise(6, 5, 1), 1 / 4), rounded(noise(6, 5, 1), 1 / 2)),
                 (rounded(noise(5, 4, 3), 1 / 64), rounded(noise(5, 4, 3), 1))]:
        b = b + a / 2
        result.append({"a": stored(a), "b": stored(b),
                       "pearson": float(stats.pearsonr(a.reshape(-1), b.reshape(-1)).statistic),
                       "spearman": float(stats.spearmanr(a.reshape(-1), b.reshape(-1)).statistic)})
    return result


def pictures():
    result = []
    for channels in (1, 2):
        a = rounded(noise(13, 16, channels, 1.0), 1 / 64)
        b = rounded(a + noise(13, 16, channels, 0.7) / 2, 1 / 64)
        own = max(a.max(), b.max()) - min(a.min(), b.min())
        result.append({"a": stored(a), "b": stored(b), "similarity": similarity(a, b, own), "range": 4.0,
                       "similarity_in_range": similarity(a, b, 4.0)})
    return result


# Masks.


def masks():
    result = []
    for share in (0.3, 0.1, 0.6):
        map = numpy.abs(noise(7, 6, 1, 1.0))
        map = rounded(map / map.max(), 1 / 65536)
        mask = (ndimage.gaussian_filter(random.normal(size=(7, 6)), 1.0) > 0).astype(float)
        mask[:, int(6 * share) + 2:] = 0
        flat = {"a_batch": map.reshape(1, -1), "s_batch": mask.reshape(1, -1)}
        assert len(numpy.unique(map)) == map.size, "without ties, whose order differs"
        made = {"disable_warnings": True, "normalise": False, "abs": False}
        result.append({
            "map": stored(map), "mask": stored(mask[..., None]),
            "pointing": float(quantus.PointingGame(**made).evaluate_batch(**flat)[0]),
            "mass": float(quantus.RelevanceMassAccuracy(**made).evaluate_batch(**flat)[0]),
            "rank": float(quantus.RelevanceRankAccuracy(**made).evaluate_batch(**flat)[0])})
        hit = quantus.PointingGame(**made).evaluate_batch(a_batch=flat["a_batch"], s_batch=flat["s_batch"] * 0)
        assert hit[0], "Quantus counts an empty mask as a hit"
        hit = quantus.PointingGame(**made).evaluate_batch(a_batch=flat["a_batch"] * 0, s_batch=flat["s_batch"])
        assert hit[0], "and a constant map"
        signed = quantus.RelevanceMassAccuracy(**made).evaluate_batch(a_batch=numpy.array([[-1.0, 3]]),
                                                                      s_batch=numpy.array([[0, 1]]))
        assert signed[0] == 1.5, "Quantus divides by the signed sum"
    assert {r["pointing"] for r in result} == {0.0, 1.0}, "both answers"
    return result


# A network.


class given(contextlib.nullcontext):
    """What torch-cam's metrics call: these maps, whatever the network."""

    def __init__(self, model, maps):
        super().__init__()
        self.model, self.maps = model, maps

    def __call__(self, *_, **__):
        return [self.maps]

    def fuse_cams(self, maps):
        return maps[0]

    def _hooks_off(self):
        return contextlib.nullcontext()


def softmax(z):
    return torch.softmax(z, -1)


def network():
    """Two images, a linear classifier, and maps of the input and of a layer."""
    height, width, channels, classes, steps, blur = 6, 8, 2, 3, 12, 1.5
    mean, deviation = numpy.array([0.25, 0.5]), numpy.array([0.5, 0.25])
    images = rounded(random.uniform(size=(2, height, width, channels)), 1 / 256)
    weight = rounded(random.normal(size=(classes, channels * height * width)) / 4, 1 / 256)
    bias = rounded(random.normal(size=classes), 1 / 16)
    model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(channels * height * width, classes)).double()
    with torch.no_grad():
        model[1].weight.copy_(torch.from_numpy(weight))
        model[1].bias.copy_(torch.from_numpy(bias))

    def input_of(pixels):
        return torch.from_numpy(((pixels - mean) / deviation).transpose(0, 3, 1, 2).copy())

    x = input_of(images)
    blurred = input_of(ndimage.gaussian_filter(images, (0, blur, blur, 0)))
    result = {"images": stored(images), "weight": stored(weight), "bias": stored(bias), "mean": mean.tolist(),
              "deviation": deviation.tolist(), "steps": steps, "blur": blur, "cases": []}
    whole = rounded(random.normal(size=(2, height, width, channels)), 1 / 64)
    layer = rounded(random.normal(size=(2, height // 2, width // 2, 1)), 1 / 64)
    for maps in (whole, layer):
        cam = torch.from_numpy(maps.sum(-1))
        full = torch.nn.functional.interpolate(cam[:, None], (height, width), mode="bilinear")[:, 0]
        least, most = full.amin((1, 2), keepdim=True), full.amax((1, 2), keepdim=True)
        unit = (full - least) / (most - least)
        for classes_of in ([2, 0], softmax(model(x)).argmax(-1).tolist()):
            case = {"maps": stored(maps), "classes": classes_of, "deletion": [], "insertion": [], "drop": [],
                    "increase": []}
            for n in range(2):
                one, of = x[n:n + 1], classes_of[n]
                curves = torchcam.metrics.DeletionInsertionMetric(given(model, full[n:n + 1]), softmax, steps=steps)
                curves.update(one, of)
                case["deletion"].append(curves.summary()["deletion_auc"])
                curves = torchcam.metrics.DeletionInsertionMetric(given(model, full[n:n + 1]), softmax, steps=steps,
                                                                  baseline=blurred[n:n + 1])
                curves.update(one, of)
                case["insertion"].append(curves.summary()["insertion_auc"])
                confidence = torchcam.metrics.ClassificationMetric(given(model, unit[n:n + 1]), softmax)
                confidence.update(one, of)
                p = softmax(model(one))[0, of].item()
                case["drop"].append(confidence.summary()["avg_drop"] * (p + 1e-7) / p)
                case["increase"].append(confidence.summary()["conf_increase"])
            result["cases"].append(case)
    drops = [d for case in result["cases"] for d in case["drop"]]
    assert min(drops) == 0 < max(drops), "both answers"
    return result


# Intervals.


def intervals():
    quantiles = [{"level": level, "freedom": freedom, "t": float(stats.t.ppf((1 + level) / 2, freedom))}
                 for level in (0.5, 0.95, 0.99) for freedom in (1, 2, 3, 4, 5, 10, 29, 100, 9999)]
    samples = []
    for count in (2, 3, 12):
        sample = rounded(random.normal(3, 2, size=count), 1 / 64)
        low, high = stats.t.interval(0.95, count - 1, loc=sample.mean(), scale=stats.sem(sample))
        samples.append({"sample": sample.tolist(), "low": float(low), "high": float(high)})
    return quantiles, samples


def shares():
    """Of counts, k of n: Wilson's intervals, and Clopper and Pearson's of counts of 0 and n."""
    result = []
    for k, n in ((0, 2), (3, 3), (1, 6), (0, 10), (10, 10), (7, 10), (0, 200), (100, 200), (199, 200)):
        for level in (0.9, 0.95):
            test = stats.binomtest(k, n)
            wilson = test.proportion_ci(level, method="wilson")
            exact = test.proportion_ci(level, method="exact") if k in (0, n) else None
            result.append({"k": k, "n": n, "level": level, "wilson": [float(wilson.low), float(wilson.high)],
                           "exact": exact and [float(exact.low), float(exact.high)]})
    return result


quantiles, samples = intervals()
names = ["numpy", "quantus", "scikit-image", "scipy", "torch", "torchcam"]
content = {"versions": {name: version(name).split("+")[0] for name in names}, "alone": alone(),
           "resolutions": resolutions(), "pairs": pairs(), "pictures": pictures(), "masks": masks(),
           "network": network(), "quantiles": quantiles, "samples": samples,
           "shares": shares()}
assert math.isclose(sparseness(numpy.array([[[1.0], [2], [3], [4]]])), 0.25)
Path(__file__).with_name("references.json").write_text(
    "{\n" + ",\n".join(f'"{key}": {json.dumps(value, separators=(",", ":"))}' for key, value in content.items()) + "\n}\n")
