# SPDX-License-Identifier: MIT
import json, sys
import numpy as np
from safetensors.numpy import load_file

folder, method = sys.argv[1:3]
table = [json.loads(line) for line in open(f"{folder}/table.jsonl")]
for shard in json.load(open(f"{folder}/index.json"))["shards"]:
    arrays = load_file(f"{folder}/{shard['maps']['file']}")
    for row, image in enumerate(arrays["index"]):
        map = np.abs(arrays[method][row]).sum(axis=-1)
        y, x = np.unravel_index(map.argmax(), map.shape)
        print(table[image]["file"], "is a", arrays["classes"][row], "by what is at", (int(y), int(x)))
