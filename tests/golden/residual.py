# SPDX-License-Identifier: MIT
"""Writes data/residual.safetensors: the relatives of Grad-CAM, the methods of layers, SmoothGrad and Occlusion on the
residual network of perturbations.py, in float64, from their definitions.

Every map is checked against another library: pytorch-grad-cam (HiResCAM, LayerCAM, Grad-CAM++, XGrad-CAM, Eigen-CAM) and
captum (layer gradient x activation, conductance, internal influence, SmoothGrad, Occlusion), to 1e-11 of the largest
magnitude but where it departs from the definition: pytorch-grad-cam adds a constant to the denominators of Grad-CAM++ and
XGrad-CAM, computes Eigen-CAM in float32 and leaves its sign to chance; captum rounds the falls of the score to float32.
perturbations.py runs first: its file has the network's weights and images.
"""

import sys

import captum.attr
import pytorch_grad_cam
import torch
from safetensors.numpy import load_file, save_file

import definitions
import smooth
from generate import channels_last, difference
from perturbations import CLASS, DATA, Residual

STEPS = 4
RELATIVES = {"hires_cam": "HiResCAM", "layer_cam": "LayerCAM", "grad_cam_plus_plus": "GradCAMPlusPlus",
             "xgrad_cam": "XGradCAM", "eigen_cam": "EigenCAM"}
LOOSE = {"grad_cam_plus_plus": 1e-3, "xgrad_cam": 1e-4, "eigen_cam": 1e-5}


def score(z):
    return z[:, CLASS]


def maps_and_gradients(net, layer, x):
    kept = []
    with layer.register_forward_hook(lambda module, inputs, output: kept.append(output)):
        z = net(x.detach().requires_grad_())
    return kept[0].detach(), torch.autograd.grad(score(z).sum(), kept[0])[0]


def relatives(net, layer, x):
    maps, g = maps_and_gradients(net, layer, x)
    sums = maps.sum(dim=(2, 3), keepdim=True)
    denominator = 2 * g**2 + g**3 * sums
    alpha = torch.where(denominator == 0, 0, g**2 / denominator)
    plus = (alpha * g.clamp(min=0)).sum(dim=(2, 3), keepdim=True)
    cross = torch.where(sums == 0, 0, (g * maps).sum(dim=(2, 3), keepdim=True) / sums)
    principal = torch.zeros_like(maps[:, :1])
    for n, image in enumerate(maps):
        centred = image.flatten(1).T - image.flatten(1).mean(dim=1)
        map = centred @ torch.linalg.svd(centred, full_matrices=False).Vh[0]
        principal[n, 0] = map.view(image.shape[1:]) * (1 if map @ image.flatten(1).sum(dim=0) >= 0 else -1)
    return {"hires_cam": (g * maps).sum(1, True).clamp(min=0),
            "layer_cam": (g.clamp(min=0) * maps).sum(1, True).clamp(min=0),
            "grad_cam_plus_plus": (plus * maps).sum(1, True).clamp(min=0),
            "xgrad_cam": (cross * maps).sum(1, True).clamp(min=0), "eigen_cam": principal}


def by_pytorch_grad_cam(net, layer, x, method):
    with getattr(pytorch_grad_cam, RELATIVES[method])(model=net, target_layers=[layer]) as cam:
        score(cam.activations_and_grads(x.detach().requires_grad_())).sum().backward()
        maps, gradients = (values[0].detach().numpy() for values in
                           (cam.activations_and_grads.activations, cam.activations_and_grads.gradients))
        map = torch.from_numpy(cam.get_cam_image(x, layer, None, maps, gradients, False))[:, None]
    return map if method == "eigen_cam" else map.clamp(min=0)


def along_the_line(net, layer, x, points):
    """Maps, gradients and weights at the midpoints of a line from zeros to x."""
    for position, weight in zip(*definitions.nodes("midpoint", points)):
        yield *maps_and_gradients(net, layer, position * x), weight


def of_layers(net, layer, x):
    maps, g = maps_and_gradients(net, layer, x)
    points = list(along_the_line(net, layer, x, STEPS + 1))
    return {"layer_gradient_x_activation": g * maps,
            "layer_conductance": sum(g * (after - at) for (at, g, _), (after, _, _) in zip(points, points[1:])),
            "internal_influence": sum(w * g for _, g, w in along_the_line(net, layer, x, STEPS))}


def by_captum(net, layer, x):
    rule = {"n_steps": STEPS, "method": "riemann_middle"}
    x = x.detach().requires_grad_()
    return {"layer_gradient_x_activation": captum.attr.LayerGradientXActivation(net, layer).attribute(x, CLASS),
            "layer_conductance": captum.attr.LayerConductance(net, layer).attribute(x, 0, CLASS, **rule),
            "internal_influence": captum.attr.InternalInfluence(net, layer).attribute(x, 0, CLASS, **rule)}


def agree(name, theirs, ours, within=1e-11):
    off = difference(theirs.detach(), ours)
    print(f"{name}: off by {off:.1e}")
    assert off < within, (name, off)


def references(net, x):
    for where in ("joined", "features"):
        layer = getattr(net, where)
        for method, map in relatives(net, layer, x).items():
            theirs = by_pytorch_grad_cam(net, layer, x, method)
            if method == "eigen_cam":
                theirs = theirs * (theirs * map).sum(dim=(1, 2, 3), keepdim=True).sign()
            agree(f"{method} {where}", theirs, map, LOOSE.get(method, 1e-11))
            yield f"{method} {where}", map
        theirs = by_captum(net, layer, x)
        for method, map in of_layers(net, layer, x).items():
            agree(f"{method} {where}", theirs[method], map)
            yield f"{method} {where}", map.detach()

    windows = {"window": (3, 2), "stride": (2, 1)}
    map = definitions.occlusion(torch.nn.Sequential(net), x, "logit", [CLASS] * len(x), **windows)
    theirs = captum.attr.Occlusion(net).attribute(x, (2, *windows["window"]), (2, *windows["stride"]), 0, CLASS)
    agree("occlusion", theirs[:, :1], map, 1e-6)
    yield "occlusion", map

    each = []
    for image in x.split(1):
        spread = smooth.DEVIATION * (image.max() - image.min())
        at = (image + spread * smooth.noise_of(image.shape[1:])).requires_grad_()
        each.append(smooth.statistics(torch.autograd.grad(score(net(at)).sum(), at)[0]))
        for name, kind in (("map", "smoothgrad"), ("squares", "smoothgrad_sq")):
            theirs = smooth.by_captum(captum.attr.Saliency(net), image, kind, abs=False)
            agree(f"smooth_grad {name}", theirs, each[-1][name])
    for name in each[0]:
        yield f"smooth_grad {name}", torch.cat([one[name] for one in each])


def main():
    assert smooth.TARGET == CLASS
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    stored = load_file(DATA / "perturbations.safetensors")
    net, prefix = Residual(), "residual weights "
    net.load_state_dict({k.removeprefix(prefix): torch.from_numpy(v).double() for k, v in stored.items()
                         if k.startswith(prefix)})
    images = torch.from_numpy(stored["residual images"]).double().permute(0, 3, 1, 2)
    save_file({k: channels_last(v) for k, v in references(net, images)}, DATA / "residual.safetensors")


if __name__ == "__main__":
    sys.exit(main())
