# SPDX-License-Identifier: MIT
"""Activations, normalisations and conditions as chains of operators, as files of older opsets have them."""

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from writer import Graph, weight_values


def gelu_chains():
    """Four ways of the same function."""
    g = Graph(13)
    g.conv("conv", 4, 3)

    def erf(x, op, number):
        g.node("Erf", g.node(op, x, g.number(number)))
        return g.node("Add", None, g.number(1))

    x = g.last
    half = g.node("Mul", x, g.number(0.5))
    g.node("Mul", half, erf(x, "Div", 2**0.5))
    x = g.conv("conv2", 4, 4, 1)
    g.node("Mul", g.node("Mul", x, erf(x, "Mul", 0.5**0.5)), g.number(0.5))
    x = g.conv("conv3", 4, 4, 1)
    g.node("Mul", g.node("Mul", erf(x, "Div", 2**0.5), x), g.number(0.5))
    x = g.conv("conv4", 4, 4, 1)
    g.node("Mul", x, g.node("Mul", g.number(0.5), erf(x, "Div", 2**0.5)))
    g.head(4)
    return g


def layer_norm(bias, opset=17):
    g = Graph(opset, 8)
    g.conv("conv", 4, 3)
    g.node("Transpose", perm=[0, 2, 3, 1])
    g.node("LayerNormalization",
           None,
           g.weight("norm.weight", 4),
           *([g.weight("norm.bias", 4)] if bias else []),
           axis=-1 if bias else 3,
           epsilon=1e-3)
    g.node("Transpose", perm=[0, 3, 1, 2])
    g.head(4)
    return g


def layer_norm_chains():
    """Channels first: behind a GELU, before a ReLU; divided by a root, multiplied by its reciprocal, and by a power."""
    g = Graph(13)

    def norm(name, finish, epsilon=1e-3):
        x = g.last
        d = g.node("Sub", x, g.node("ReduceMean", x, axes=[1]))
        g.node("ReduceMean", g.node("Mul", d, d), axes=[1])
        finish(d, g.node("Add", g.number(epsilon), g.last))
        g.node("Mul", g.weight(f"{name}.weight", 4, 1, 1), g.last)
        g.node("Add", None, g.weight(f"{name}.bias", 4, 1, 1))

    x = g.conv("conv", 4, 3)
    g.node("Mul", g.node("Mul", x, g.number(0.5)),
           g.node("Add", g.node("Erf", g.node("Div", x, g.number(2**0.5))), g.number(1)))
    norm("norm1", lambda d, v: g.node("Div", d, g.node("Sqrt", v)))
    g.conv("conv2", 4, 4, 1)
    norm("norm2", lambda d, v: g.node("Mul", g.node("Reciprocal", g.node("Sqrt", v)), d), 0.5)
    g.node("Relu")
    norm("norm3", lambda d, v: g.node("Mul", d, g.node("Pow", v, g.number(-0.5))))
    g.head(4)
    return g


def response_chains():
    """Behind a ReLU: padded by Pad, in two dimensions, and by the pool itself, in three."""
    g = Graph(13)
    g.conv("conv", 8, 3)
    x = g.node("Relu")
    g.node("Reshape", g.node("Mul", x, x), g.integers(1, 1, 8, 24))
    g.node("Pad", None, g.integers(0, 0, 2, 0, 0, 0, 2, 0))
    g.node("AveragePool", kernel_shape=[5, 1])
    mean = g.node("Reshape", None, g.integers(1, 8, 4, 6))
    g.node("Add", g.node("Mul", mean, g.number(0.3)), g.number(1.5))
    x = g.node("Div", x, g.node("Pow", None, g.number(0.75)))
    g.node("Unsqueeze", g.node("Pow", x, g.number(2)), g.integers(1))
    g.node("AveragePool", kernel_shape=[3, 1, 1], pads=[1, 0, 0, 1, 0, 0], count_include_pad=1)
    mean = g.node("Squeeze", None, g.integers(1))
    g.node("Mul", x, g.node("Reciprocal", g.node("Sqrt", g.node("Add", mean, g.number(0.5)))))
    g.head(8)
    return g


def branches():
    """Conditions on constants, one within another, whose branches read what is around them."""
    g = Graph(13)
    x = g.conv("conv", 4, 3)
    out = [helper.make_tensor_value_info("out", TensorProto.FLOAT, None)]
    no = numpy_helper.from_array(np.array(False))
    factor = numpy_helper.from_array(weight_values("factor", (4, 1, 1)), "factor")

    def branch(nodes, initialisers=()):
        return helper.make_graph(nodes, "branch", [], out, initialisers)

    plain = branch([helper.make_node("Relu", [x], ["out"])])
    scaled = branch([helper.make_node("Mul", [x, "factor"], ["product"], "scale"),
                     helper.make_node("Sigmoid", ["product"], ["out"])], [factor])
    inner = branch([helper.make_node("Constant", [], ["inner_no"], value=no),
                    helper.make_node("If", ["inner_no"], ["out"], then_branch=plain, else_branch=scaled)])
    g.node("If", g.constant("yes", np.array(True)), then_branch=inner, else_branch=plain)
    # Names of another branch may be the same.
    plain_again = branch([helper.make_node("Relu", [g.last], ["out"])])
    g.node("If", g.constant("no", np.array(False)), then_branch=inner, else_branch=plain_again)
    g.head(4)
    return g
