# SPDX-License-Identifier: MIT
"""Writes changed.json: infidelity and maximal sensitivity by captum, ROAD's imputation by pytorch-grad-cam, and parameter
randomisation by Quantus, all in float64 and with the library's random numbers, for changed.test.cpp.

    python3 -m venv build/metrics && build/metrics/bin/pip install -r tests/metric/requirements.txt
    build/metrics/bin/python tests/metric/generate_changed.py

The numbers are computed here from Philox's definition and Python's own quantile of the normal distribution. Each
reference is computed from the definition, and the other package must agree. Where it departs from the definition:

- captum's infidelity leaves the change to a function of the user's. Its option normalize multiplies the map by the
  factor for which the infidelity is least, as `scaled` does; where the map foretells nothing, its factor is 0 as here.
  It computes the square of a sum from sums of squares, which cancels. It has no standard error.
- captum's sensitivity_max draws from -0.02 to 0.02 whatever the range of the input, and divides by 1 where the map is
  zero; the library has no value there.
- pytorch-grad-cam's NoisyLinearImputer takes images in float32 and solves in float64. It adds its noise to whatever it
  is given, most often the normalised input; here both are of pixels. Its system is the paper's: at the border, weights
  of neighbours outside of the image are left out, and the sum of the others stands in place of 1. If every pixel is
  removed, its system is singular, and its answer arbitrary. Its ROAD looks at percentiles of the map, so that equal
  values are removed together; it averages the change of the score over thresholds, and has no curve.
- Quantus' MPRT redraws each module by its own reset_parameters, with one seed for all; here that loads given values. By
  default it takes magnitudes, scaled by their largest.
"""

import json
from importlib.metadata import version
from pathlib import Path
from statistics import NormalDist

import captum.attr
import captum.metrics
import numpy
import quantus
import torch
from pytorch_grad_cam.metrics.road import NoisyLinearImputer, neighbors_weights
from scipy import stats
from scipy.sparse import csc_matrix
from scipy.sparse.linalg import spsolve

SEED, FIRST = 2**33 + 5, 3
NOISE, SQUARE, SENSITIVITY, IMPUTATION = 16, 17, 18, 19  # as in core/philox.hpp
random = numpy.random.default_rng(16)
quantile = NormalDist().inv_cdf


def philox(counter, key):
    """Philox4x32-10 of Salmon et al. 2011."""
    c, k, word = list(counter), list(key), 2**32
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [b // word ^ c[1] ^ k[0], b % word, a // word ^ c[3] ^ k[1], a % word]
        k = [(k[0] + 0x9E3779B9) % word, (k[1] + 0xBB67AE85) % word]
    return c


def uniform(use, image, sample, element):
    words = philox([element // 2, sample, FIRST + image, use], [SEED % 2**32, SEED // 2**32])
    low, high = words[:2] if element % 2 == 0 else words[2:]
    return ((high * 2**32 + low) // 2**12 + 0.5) / 2**52


def uniforms(use, image, sample, shape):
    """C x H x W; the library numbers elements in the order H x W x C."""
    channels, height, width = shape
    values = [uniform(use, image, sample, e) for e in range(channels * height * width)]
    return numpy.array(values).reshape(height, width, channels).transpose(2, 0, 1)


def stored(array):
    return {"shape": list(array.shape), "values": [float(v) for v in array.reshape(-1)]}


def last(array):
    """Channels last, as the library has them."""
    return array.transpose(0, 2, 3, 1)


def rounded(array, unit):
    return numpy.round(array / unit) * unit


def agree(ours, theirs, within):
    ours, theirs = numpy.asarray(ours), numpy.asarray(theirs)
    assert numpy.abs(ours - theirs).max() <= within * numpy.abs(ours).max(), (ours, theirs)


# The network: 6 x 8 pixels of two channels, three classes.

height, width, channels, classes = 6, 8, 2, 3
mean, deviation = numpy.array([0.25, 0.5]), numpy.array([0.5, 0.25])
net = torch.nn.Sequential(torch.nn.Conv2d(channels, 4, 3), torch.nn.ReLU(), torch.nn.Flatten(),
                          torch.nn.Linear(4 * 4 * 6, classes)).double()
for p in net.parameters():
    p.data = torch.from_numpy(rounded(random.normal(size=p.shape) / 4, 1 / 256))
    p.requires_grad_(False)
pixels = rounded(random.uniform(size=(2, channels, height, width)), 1 / 256)
x = torch.from_numpy((pixels - mean[:, None, None]) / deviation[:, None, None])
about = [2, 0]


def value(inputs, image):
    with torch.no_grad():
        return net(inputs)[:, about[image]].numpy()


# Infidelity.


def changes(kind, samples, share, side, baseline):
    """The changed inputs and the w of each image and sample."""
    changed, weights = [], []
    for n in range(2):
        one = x[n].numpy()
        for s in range(samples):
            if kind == "noise":
                w = numpy.vectorize(quantile)(uniforms(NOISE, n, s, one.shape)) * share * (one.max() - one.min())
                changed.append(one - w)
            else:
                top, left = [int(uniform(SQUARE, n, s, e) * (length - side + 1))
                             for e, length in enumerate((height, width))]
                w = numpy.zeros_like(one)
                w[:, top:top + side, left:left + side] = 1
                changed.append(numpy.where(w == 1, baseline, one))
            weights.append(w)
    return torch.from_numpy(numpy.stack(changed)), torch.from_numpy(numpy.stack(weights))


def infidelities():
    result = []
    for kind, samples, share, side, baseline in (("noise", 7, 0.125, 1, 0.0), ("removal", 9, 0.125, 3, 0.25)):
        changed, weights = changes(kind, samples, share, side, baseline)
        maps = rounded(random.normal(size=(2, channels, height, width)), 1 / 64)
        plane = rounded(random.normal(size=(2, 1, height, width)), 1 / 64)
        layer = rounded(random.normal(size=(2, 1, height // 2, width // 2)), 1 / 64)
        large = torch.nn.functional.interpolate(torch.from_numpy(layer), (height, width), mode="bilinear").numpy()
        for given, full in ((maps, maps), (plane, numpy.repeat(plane / channels, channels, 1)),
                            (layer, numpy.repeat(large / channels, channels, 1))):
            case = {"kind": kind, "samples": samples, "deviation": share, "side": side, "baseline": baseline,
                    "maps": stored(last(given)), "mean": [], "standard_error": [], "scaled": [], "unexplained": []}
            for n in range(2):
                some = slice(n * samples, (n + 1) * samples)
                foretold = (weights[some].numpy() * full[n]).sum((1, 2, 3))
                falls = value(x[n:n + 1], n) - value(changed[some], n)
                squares = (foretold - falls)**2
                factor = (foretold * falls).sum() / (foretold**2).sum()
                scaled = ((factor * foretold - falls)**2).mean()
                case["mean"].append(float(squares.mean()))
                case["standard_error"].append(float(squares.std(ddof=1) / samples**0.5))
                case["scaled"].append(float(scaled))
                case["unexplained"].append(float(scaled / (falls**2).mean()))
            for normalize, name in ((False, "mean"), (True, "scaled")):
                theirs = captum.metrics.infidelity(net, lambda inputs: (weights, changed), x, torch.from_numpy(full),
                                                   target=about, n_perturb_samples=samples, normalize=normalize)
                agree(case[name], theirs.numpy(), 1e-10)
            result.append(case)
    return result


# Maximal sensitivity.


def sensitivities():
    samples, radius = 6, 0.125
    noisy = []
    for n in range(2):
        one = x[n].numpy()
        reach = radius * (one.max() - one.min())
        noisy += [one + reach * (2 * uniforms(SENSITIVITY, n, s, one.shape) - 1) for s in range(samples)]
    noisy = torch.from_numpy(numpy.stack(noisy))
    result = {"samples": samples, "radius": radius}
    for name, maps_of, options in (("gradients", captum.attr.Saliency(net).attribute, {"abs": False}),
                                   ("gradients_x_input", captum.attr.InputXGradient(net).attribute, {})):
        ours = []
        for n in range(2):
            own, *others = (maps_of(one[None].clone().requires_grad_(), target=about[n], **options).detach().numpy()
                            for one in [x[n], *noisy[n * samples:(n + 1) * samples]])
            ours.append(float(max(numpy.linalg.norm(o - own) for o in others) / numpy.linalg.norm(own)))
        assert min(ours) > 0
        theirs = captum.metrics.sensitivity_max(maps_of, x, perturb_func=lambda inputs: noisy,
                                                n_perturb_samples=samples, target=about, **options)
        agree(ours, theirs.numpy(), 1e-12)
        result[name] = ours
    return result


# Parameter randomisation.


class Redrawn:
    """A module whose redrawing loads these values."""

    def reset_parameters(self):
        if hasattr(self, "drawn"):
            self.load_state_dict(self.drawn)
        else:
            super().reset_parameters()


class RedrawnConv2d(Redrawn, torch.nn.Conv2d):
    pass


class RedrawnLinear(Redrawn, torch.nn.Linear):
    pass


def randomisations():
    other = torch.nn.Sequential(RedrawnConv2d(channels, 4, 3), torch.nn.ReLU(), torch.nn.Flatten(),
                                RedrawnLinear(4 * 4 * 6, classes)).double()
    other.load_state_dict(net.state_dict())
    drawn = {name: torch.from_numpy(rounded(random.normal(size=p.shape) / 4, 1 / 256))
             for name, p in net.named_parameters()}
    for k in ("0", "3"):
        other[int(k)].drawn = {name: drawn[f"{k}.{name}"] for name in ("weight", "bias")}
    predicted = net(x).argmax(1)

    def gradients(model, inputs, targets):
        inputs = torch.as_tensor(inputs).double().requires_grad_()
        scores = model(inputs)[torch.arange(len(inputs)), torch.as_tensor(targets)]
        return torch.autograd.grad(scores.sum(), inputs)[0]

    before, result = gradients(net, x.detach(), predicted), {"random": {k: stored(v.numpy()) for k, v in drawn.items()}}
    redrawn = torch.nn.Sequential(*(type(m)(*a) if a else type(m)() for m, a in zip(
        net, ((channels, 4, 3), (), (), (4 * 4 * 6, classes))))).double()
    for name, of in (("ranks", lambda map: map), ("magnitudes", torch.abs)):
        result[name] = []
        values = dict(net.state_dict())
        for layer in ("3", "0"):
            values |= {k: v for k, v in drawn.items() if k.startswith(layer)}
            redrawn.load_state_dict(values)
            after = gradients(redrawn, x.detach(), predicted)
            result[name].append([float(stats.spearmanr(of(a).flatten(), of(b).flatten()).statistic)
                                 for a, b in zip(before, after)])
        metric = quantus.MPRT(layer_order="top_down", abs=name == "magnitudes", normalise=False, disable_warnings=True)
        theirs = metric(model=other, x_batch=x.detach().numpy(), y_batch=predicted.numpy(), a_batch=of(before).numpy(),
                        explain_func=lambda model, inputs, targets, **_: gradients(model, inputs, targets).numpy(),
                        channel_first=True)
        agree(result[name], [theirs["3"], theirs["0"]], 1e-12)
    return result


# ROAD.


def filled(image, mask, n, noise):
    """C x H x W with the pixels where `mask` is 0 filled in: a dense system from the definition."""
    gaps = [(i, j) for i in range(mask.shape[0]) for j in range(mask.shape[1]) if mask[i, j] == 0]
    number = {gap: k for k, gap in enumerate(gaps)}
    matrix, right = numpy.eye(len(gaps)), numpy.zeros((len(gaps), image.shape[0]))
    for (i, j), k in number.items():
        around = [(i + a, j + b, 1 / 6 if a == 0 or b == 0 else 1 / 12) for a in (-1, 0, 1) for b in (-1, 0, 1)
                  if (a, b) != (0, 0) and 0 <= i + a < mask.shape[0] and 0 <= j + b < mask.shape[1]]
        total = sum(w for _, _, w in around)
        for row, column, w in around:
            if (row, column) in number:
                matrix[k, number[row, column]] -= w / total
            else:
                right[k] += w / total * image[:, row, column]
    solution = numpy.linalg.solve(matrix, right)
    system, theirs_right = NoisyLinearImputer.setup_sparse_system(mask, image, neighbors_weights)
    agree(solution, spsolve(csc_matrix(system), theirs_right).reshape(solution.shape), 1e-12)
    result = image.copy()
    for (i, j), k in number.items():
        result[:, i, j] = solution[k]
    theirs = NoisyLinearImputer(noise=0)(torch.from_numpy(image).float(), torch.from_numpy(mask)).numpy()
    agree(result, theirs, 1e-6)
    for i, j in gaps:
        for c in range(image.shape[0]):
            at = (i * image.shape[2] + j) * image.shape[0] + c
            result[c, i, j] += noise * quantile(uniform(IMPUTATION, n, len(gaps), at))
    return result


def imputations():
    result = []
    for share, noise in ((0.1, 0.0), (0.5, 0.01), (0.9, 0.01)):
        masks = (random.uniform(size=(2, height, width)) >= share).astype(float)
        masks[:, 0, 0] = 0  # a corner
        full = numpy.stack([filled(pixels[n], masks[n], n, noise) for n in range(2)])
        result.append({"noise": noise, "removed": stored(1 - masks[..., None]), "filled": stored(last(full))})
    return result


def curves():
    noise, steps, most = 0.01, 4, 0.75
    maps = rounded(random.normal(size=(2, channels, height, width)), 1 / 4096)
    result = {"noise": noise, "steps": steps, "most": most, "maps": stored(last(maps))}
    for name, sign in (("most_relevant_first", -1), ("least_relevant_first", 1)):
        result[name] = []
        for n in range(2):
            plane = maps[n].sum(0).reshape(-1)
            assert len(set(plane)) == plane.size
            order, values, shares = numpy.argsort(sign * plane), [], []
            for k in range(steps + 1):
                count = k * round(most * plane.size) // steps
                mask = numpy.ones(plane.size)
                mask[order[:count]] = 0
                image = filled(pixels[n], mask.reshape(height, width), n, noise) if count else pixels[n]
                inputs = torch.from_numpy((image - mean[:, None, None]) / deviation[:, None, None])[None]
                values.append(float(torch.softmax(net(inputs), 1)[0, about[n]]))
                shares.append(count / plane.size)
            result[name].append({"values": values, "area": float(numpy.trapezoid(values, shares) / shares[-1])})
    return result


names = ["captum", "grad-cam", "numpy", "quantus", "scipy", "torch"]
content = {"versions": {name: version(name).split("+")[0] for name in names}, "seed": SEED, "first": FIRST,
           "mean": mean.tolist(), "deviation": deviation.tolist(), "classes": about, "images": stored(last(pixels)),
           "weights": {name: stored(p.numpy()) for name, p in net.named_parameters()},
           "infidelity": infidelities(), "sensitivity": sensitivities(), "imputation": imputations(), "road": curves(), "randomisation": randomisations()}
lines = [f'"{key}": {json.dumps(value, separators=(",", ":"))}' for key, value in content.items()]
Path(__file__).with_name("changed.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
