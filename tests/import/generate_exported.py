# SPDX-License-Identifier: MIT
"""Writes exported/*.onnx, references.json.gz and manifest.json: README.md says what they hold.

PyTorch's files and their references come from layers.py and blocks.py, by both of PyTorch's exporters; those that other
tools would write, from handmade.py; and those that must be refused, from refused.py. Keras' are generate_keras.py's, and
stay as they are. With names as arguments it tries these cases alone and writes nothing but their files.
"""

import copy
import io
import logging
import sys
import warnings
from collections import OrderedDict

import onnx
import torch
from captum.attr import Saliency
from torch import nn

import blocks
import handmade
import layers
import references
import refused
from references import FOLDER, formula

SIZE = (layers.HEIGHT, layers.WIDTH, layers.CHANNELS)


def with_head(body):
    """Three scores that every value of the body's map has a part in. So its order is tested too, and results are small."""
    count = body(torch.zeros(1, SIZE[2], *SIZE[:2])).numel()
    return nn.Sequential(OrderedDict(body=body, flatten=nn.Flatten(), fc=nn.Linear(count, 3)))


def network(name, body):
    body = copy.deepcopy(body).eval()
    with torch.no_grad():
        net = body if name in layers.OWN_HEAD | blocks.OWN_HEAD else with_head(body)
        for key, tensor in net.state_dict().items():
            if tensor.is_floating_point() and key.split(".")[-1] not in ("mean", "std"):
                tensor.copy_(torch.from_numpy(formula.parameter(key, tuple(tensor.shape))))
    return net.eval().requires_grad_(False)


def tensor_of(image):
    return torch.from_numpy(image).permute(2, 0, 1)[None].contiguous()


def reference(net, scale):
    """And the output as PyTorch has it."""
    net = copy.deepcopy(net).double()
    x = tensor_of(references.image(SIZE, scale))

    def scores(x):
        """With maps' channels last."""
        output = net(x)
        return (output.permute(0, 2, 3, 1) if output.ndim == 4 else output).flatten(1)

    output = net(x).numpy()
    shown = references.last(output)
    target = int(shown.reshape(-1).argmax())
    gradient = Saliency(scores).attribute(x, target=target, abs=False)
    assert gradient.abs().max() > 0
    return references.reference(SIZE, scale, shown, target, references.last(gradient.numpy())), output


def by_dynamo(net, x, opset, dynamic):
    shapes = ({0: torch.export.Dim("batch")}, ) if dynamic else None
    program = torch.onnx.export(net, (x.repeat(2, 1, 1, 1) if dynamic else x, ),
                                dynamo=True,
                                verbose=False,
                                dynamic_shapes=shapes,
                                opset_version=opset)
    return program.model_proto


def by_torchscript(net, x, opset, dynamic):
    buffer = io.BytesIO()
    axes = {"input": {0: "batch"}} if dynamic else None
    torch.onnx.export(net, (x, ),
                      buffer,
                      dynamo=False,
                      opset_version=opset,
                      input_names=["input"],
                      output_names=["output"],
                      dynamic_axes=axes)
    return onnx.load_from_string(buffer.getvalue())


def versions(name):
    """(suffix, exporter, opset, whether the batch's size is free) of each file."""
    result = [("dynamo", by_dynamo, None, False), ("ts17", by_torchscript, 17, False)]
    for table in (layers, blocks):
        result += [(f"ts{opset}", by_torchscript, opset, False) for opset, names in table.OLD_TOO.items()
                   if name in names.split()]
        if name in table.DYNAMIC.split():
            result += [("dynamo.batch", by_dynamo, None, True), ("ts13.batch", by_torchscript, 13, True)]
    return result


def export(name, net, scale, expected):
    """The manifest's entries of a case's files."""
    image = tensor_of(references.image(SIZE, scale))
    graphs = set()
    for suffix, exporter, opset, dynamic in versions(name):
        file = f"{name}.{suffix}.onnx"
        try:
            model = references.clean(exporter(net, image.float(), opset, dynamic))
        except Exception as error:  # what an exporter cannot do is nobody's file
            print(f"{file}: not exported: {type(error).__name__}: {str(error).splitlines()[0][:150]}",
                  flush=True)
            continue
        graph = model.graph.SerializeToString(deterministic=True)
        if graph in graphs:  # another opset alone makes no other test
            continue
        graphs.add(graph)
        references.check(file, model, image.numpy(), expected)
        references.save(model, FOLDER / file)
        yield {"file": file, "kind": "ok", "case": name}


def exported(names):
    entries, cases = [], {}
    for name, body in (layers.cases() | blocks.cases()).items():
        if names and name not in names:
            continue
        scale = 8 if name in layers.WIDE else 1
        net = network(name, body)
        cases[name], expected = reference(net, scale)
        entries += export(name, net, scale, expected)
    return entries, cases


def main(names):
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    torch.set_num_threads(1)
    FOLDER.mkdir(exist_ok=True)
    if not names:
        for file in FOLDER.iterdir():
            if not references.is_keras(file.name):
                file.unlink()
    entries, cases = exported(names)
    for source in (handmade, refused):
        more, references_of_them = source.write(FOLDER, names)
        entries += more
        cases |= references_of_them
    if not names:
        references.write(entries, cases, lambda name: not references.is_keras(name))
    size = sum(file.stat().st_size for file in FOLDER.iterdir())
    print(f"{len(entries)} files, {len(cases)} references; {size / 1e3:.0f} kB in {FOLDER}")


if __name__ == "__main__":
    main(sys.argv[1:])
