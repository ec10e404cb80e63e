# SPDX-License-Identifier: MIT
"""Loads the Conan recipe by Conan, if it is installed: python3 conan_recipe.py

The profile is the one of cmake/packaging/README.md, which takes the libraries from the system, so that no server is
asked. Exits with 77 if there is no Conan 2.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).parents[2]
recipe = root / "cmake/packaging/conan"


def main(scratch):
    environment = os.environ | {"CONAN_HOME": f"{scratch}/home", "PYTHONDONTWRITEBYTECODE": "1"}

    def conan(*arguments):
        ran = subprocess.run(["conan", *map(str, arguments)], env=environment, capture_output=True, text=True)
        return ran.returncode, ran.stdout, ran.stderr

    if not shutil.which("conan") or not conan("--version")[1].startswith("Conan version 2."):
        print("there is no Conan 2 (pip install conan)")
        return 77

    about = json.loads(conan("inspect", recipe, "--format=json")[1])
    version = re.search(r"project\(salient VERSION ([\d.]+)", (root / "CMakeLists.txt").read_text())[1]
    assert (about["name"], about["version"], about["license"]) == ("salient", version, "MIT"), about

    text = re.search(r"```ini\n(.*?)```", (root / "cmake/packaging/README.md").read_text(), re.DOTALL)[1]
    profile = pathlib.Path(scratch, "profile")

    def graph(text):
        profile.write_text(text)
        return conan("graph", "info", recipe, "--profile:all", profile, "--no-remote", "--format=json")

    failed, found, said = graph(text)
    assert failed == 0, said
    nodes = json.loads(found)["graph"]["nodes"].values()
    assert not [n["ref"] for n in nodes if n["binary"] == "Invalid"], nodes
    libraries = {n["ref"].split("/")[0] for n in nodes if n["recipe"] == "Platform" and n["context"] == "host"}
    required = set(re.findall(r'self\.requires\("([\w-]+)/', (recipe / "conanfile.py").read_text()))
    assert libraries == required and len(required) == 8, (libraries, required)

    # A compiler that is too old is refused with a sentence.
    _, found, said = graph(text.replace("compiler.version=12", "compiler.version=11"))
    assert "salient needs Linux and g++ 12 or Clang 16" in found + said, said
    print(f"Conan takes the recipe of salient {version} and {len(required)} libraries")
    return 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(main(folder))
