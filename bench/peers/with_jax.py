# SPDX-License-Identifier: MIT
"""JAX's side: one jitted function for each map, written as a JAX user would. A job's way is its precision on a GPU.

JAX_COMPILATION_CACHE_DIR must be a folder for "compile" to have an effect: what it compiles there, several jobs at a
time, is found again by the first call.
"""

import functools
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

import cases
from graph import evaluate, load


DEVICE = sys.argv[1]


@jax.custom_vjp
def guided_relu(x):
    return jax.nn.relu(x)


guided_relu.defvjp(lambda x: (jax.nn.relu(x), x), lambda x, dy: (jnp.where((x > 0) & (dy > 0), dy, 0),))


@jax.custom_vjp
def deconvolution_relu(x):
    return jax.nn.relu(x)


deconvolution_relu.defvjp(lambda x: (jax.nn.relu(x), None), lambda _, dy: (jax.nn.relu(dy),))


def by_name(graph):
    """The jitted functions of (parameters, images, classes)."""

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
    def smooth_grad(p, x, c):
        def of_one(image, c):
            noise = cases.DEVIATION * (image.max() - image.min()) * jax.random.normal(jax.random.key(0), (5, 10, *image.shape))
            return jax.lax.map(lambda some: gradients(p, image + some, jnp.full(10, c)).mean(0), noise).mean(0)

        return jax.lax.map(lambda both: of_one(*both), (x, c))

    @jax.jit
    def forward(p, x, c):
        return evaluate(graph, p, x, graph["image"], graph["scores"])[:, None, None]

    @jax.jit
    def grad_cam(p, x, c):
        maps = evaluate(graph, p, x, graph["image"], graph["last_map"])
        g = jax.grad(partial(score, first=graph["last_map"]), 1)(p, maps, c)
        return jax.nn.relu((maps * g.mean((1, 2), keepdims=True)).sum(3, keepdims=True))

    @jax.jit
    def guided_grad_cam(p, x, c):
        where = jax.image.resize(grad_cam(p, x, c), (*x.shape[:3], 1), "bilinear")
        return where * guided_backprop(p, x, c)

    return {"gradients": gradients, "gradients_x_input": gradients_x_input, "guided_backprop": guided_backprop,
            "deconvolution": deconvolution, "integrated_gradients": integrated_gradients, "grad_cam": grad_cam,
            "guided_grad_cam": guided_grad_cam, "smooth_grad": smooth_grad, "forward": forward}


@functools.cache
def network(name, weights, graph_file):
    graph, parameters = load(graph_file, weights)
    return by_name(graph), parameters


def prepared(case):
    """The jitted function and its arguments: parameters on the device, images and classes on the host."""
    graph_file = os.path.join(os.path.dirname(case.images), f"{case.network}.json")
    functions, parameters = network(case.network, case.weights, graph_file)
    f, given = functions[case.method], (np.load(case.images), np.load(case.classes).astype(np.int32))
    if DEVICE != "gpu":
        return f, parameters, *map(jnp.asarray, given)

    @jax.jit
    def precisely(p, x, c):  # the context counts while the function is traced
        with jax.default_matmul_precision("tensorfloat32" if "tf32" in case.way else "highest"):
            return f(p, x, c)

    return precisely, parameters, *given


def compile_ahead(waiting, seconds):
    end = time.monotonic() + seconds
    ready = [prepared(case) for case in waiting]

    def compile_one(both):
        f, *arguments = both
        if time.monotonic() > end:
            return 0
        f.lower(*arguments).compile()
        return 1

    with ThreadPoolExecutor(min(8, os.cpu_count())) as threads:
        return sum(threads.map(compile_one, ready))


def load_job(case):
    f, *arguments = prepared(case)
    return lambda: np.asarray(f(*arguments)), lambda m, file: np.save(file, m)


cases.serve(load_job, compile_ahead)
