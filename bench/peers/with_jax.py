# SPDX-License-Identifier: MIT
"""JAX's side: one jitted function for each map, written as a JAX user would."""

import sys

import jax
import jax.numpy as jnp
import numpy as np
from safetensors.numpy import load_file

import cases


@jax.custom_vjp
def guided_relu(x):
    return jax.nn.relu(x)


guided_relu.defvjp(lambda x: (jax.nn.relu(x), x), lambda x, dy: (jnp.where((x > 0) & (dy > 0), dy, 0),))


@jax.custom_vjp
def deconvolution_relu(x):
    return jax.nn.relu(x)


deconvolution_relu.defvjp(lambda x: (jax.nn.relu(x), None), lambda _, dy: (jax.nn.relu(dy),))


def run(layers, x, parameters, first=0, relu=jax.nn.relu):
    for i, (kind, *how) in enumerate(layers, first):
        if kind == "conv":
            weight, bias = parameters[str(i)]
            x = jax.lax.conv_general_dilated(x, weight, (1, 1), "SAME" if how[1] else "VALID",
                                             dimension_numbers=("NHWC", "HWIO", "NHWC")) + bias
        elif kind == "relu":
            x = relu(x)
        elif kind == "pool":
            x = jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
        elif kind == "mean":
            x = x.mean((1, 2), keepdims=True)
        elif kind == "flatten":
            x = x.reshape(x.shape[0], -1)
        else:
            weight, bias = parameters[str(i)]
            x = x @ weight + bias
    return x


def load(network, weights):
    """As JAX likes them: HWIO, in x out, over channel-last features."""
    stored, parameters = load_file(weights), {}
    shape = jax.ShapeDtypeStruct((1, *cases.INPUTS[network]), jnp.float32)
    before_flatten = None
    for i, layer in enumerate(cases.NETWORKS[network]):
        if layer[0] == "flatten":
            before_flatten = shape.shape[1:]
        if layer[0] in ("conv", "dense"):
            weight, bias = stored[f"{i}.weight"], stored[f"{i}.bias"]
            if layer[0] == "conv":
                weight = weight.transpose(2, 3, 1, 0)
            else:
                if before_flatten:
                    h, w, c = before_flatten
                    weight = weight.reshape(-1, c, h, w).transpose(0, 2, 3, 1).reshape(weight.shape)
                    before_flatten = None
                weight = weight.T
            parameters[str(i)] = jnp.asarray(weight), jnp.asarray(bias)
        shape = jax.eval_shape(lambda x: run([layer], x, parameters, i), shape)
    return parameters


def main():
    network, weights, images, classes, method, threads, out = sys.argv[1:]
    layers, parameters = cases.NETWORKS[network], load(network, weights)
    x, target = jnp.asarray(np.load(images)), jnp.asarray(np.load(classes).astype(np.int32))

    def picked(scores, c):
        return jnp.take_along_axis(scores, c[:, None], 1).sum()

    @jax.jit
    def gradients(p, x, c):
        return jax.grad(lambda x: picked(run(layers, x, p), c))(x)

    @jax.jit
    def gradients_x_input(p, x, c):
        return x * gradients(p, x, c)

    @jax.jit
    def deconvolution(p, x, c):
        return jax.grad(lambda x: picked(run(layers, x, p, relu=deconvolution_relu), c))(x)

    @jax.jit
    def guided_backprop(p, x, c):
        return jax.grad(lambda x: picked(run(layers, x, p, relu=guided_relu), c))(x)

    @jax.jit
    def integrated_gradients(p, x, c):
        nodes, weights = np.polynomial.legendre.leggauss(cases.STEPS)
        nodes, weights = jnp.asarray((nodes + 1) / 2, jnp.float32), jnp.asarray(weights / 2, jnp.float32)

        def of_one(image, c):
            g = gradients(p, nodes[:, None, None, None] * image, jnp.full(cases.STEPS, c))
            return image * jnp.tensordot(weights, g, 1)

        return jax.lax.map(lambda both: of_one(*both), (x, c))

    @jax.jit
    def grad_cam(p, x, c):
        at = cases.last_convolution(network) + 1
        maps = run(layers[:at], x, p)
        g = jax.grad(lambda a: picked(run(layers[at:], a, p, at), c))(maps)
        return jax.nn.relu((maps * g.mean((1, 2), keepdims=True)).sum(3, keepdims=True))

    @jax.jit
    def guided_grad_cam(p, x, c):
        where = jax.image.resize(grad_cam(p, x, c), (*x.shape[:3], 1), "bilinear")
        return where * guided_backprop(p, x, c)

    f = {"gradients": gradients, "gradients_x_input": gradients_x_input, "guided_backprop": guided_backprop,
         "deconvolution": deconvolution, "integrated_gradients": integrated_gradients, "grad_cam": grad_cam,
         "guided_grad_cam": guided_grad_cam}[method]
    cases.serve(lambda: f(parameters, x, target).block_until_ready(), lambda m: np.save(out, np.asarray(m)))


main()
