# SPDX-License-Identifier: MIT
"""JAX's side: one jitted function for each map, written as a JAX user would."""

import os
import sys
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

import cases
from graph import evaluate, load


@jax.custom_vjp
def guided_relu(x):
    return jax.nn.relu(x)


guided_relu.defvjp(lambda x: (jax.nn.relu(x), x), lambda x, dy: (jnp.where((x > 0) & (dy > 0), dy, 0),))


@jax.custom_vjp
def deconvolution_relu(x):
    return jax.nn.relu(x)


deconvolution_relu.defvjp(lambda x: (jax.nn.relu(x), None), lambda _, dy: (jax.nn.relu(dy),))


def main():
    network, weights, images, classes, method, threads, out = sys.argv[1:]
    graph, parameters = load(os.path.join(os.path.dirname(out), f"{network}.json"), weights)
    x, target = jnp.asarray(np.load(images)), jnp.asarray(np.load(classes).astype(np.int32))

    def score(p, x, c, first=graph["image"], relu=jax.nn.relu):
        scores = evaluate(graph, p, x, first, graph["scores"], relu)
        return jnp.take_along_axis(scores, c[:, None], 1).sum()

    @jax.jit
    def gradients(p, x, c):
        return jax.grad(score, 1)(p, x, c)

    @jax.jit
    def gradients_x_input(p, x, c):
        return x * gradients(p, x, c)

    @jax.jit
    def deconvolution(p, x, c):
        return jax.grad(partial(score, relu=deconvolution_relu), 1)(p, x, c)

    @jax.jit
    def guided_backprop(p, x, c):
        return jax.grad(partial(score, relu=guided_relu), 1)(p, x, c)

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
        maps = evaluate(graph, p, x, graph["image"], graph["last_map"])
        g = jax.grad(partial(score, first=graph["last_map"]), 1)(p, maps, c)
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
