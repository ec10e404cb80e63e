# SPDX-License-Identifier: MIT
"""A Conan 2 recipe of this source tree: `conan create cmake/packaging/conan --build=missing`."""

import pathlib
import re

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load
from conan.tools.scm import Version


class Salient(ConanFile):
    name = "salient"
    description = "Saliency maps for neural-network image classifiers"
    license = "MIT"
    topics = ("saliency", "explainability", "neural-networks", "computer-vision")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "fPIC": [True, False]}
    default_options = {"shared": False, "fPIC": True}
    implements = ["auto_shared_fpic"]

    @property
    def _root(self):
        return pathlib.Path(self.recipe_folder).resolve().parents[2]

    def set_version(self):
        text = load(self, self._root / "CMakeLists.txt")
        self.version = re.search(r"project\(salient VERSION ([\d.]+)", text)[1]

    def export_sources(self):
        for folder in ("include", "src", "cmake", "apps/c"):
            copy(self, f"{folder}/*", self._root, self.export_sources_folder)
        for file in ("CMakeLists.txt", "LICENSE"):
            copy(self, file, self._root, self.export_sources_folder)

    def requirements(self):
        self.requires("boost/[>=1.74]", transitive_headers=True, options={"header_only": True})
        self.requires("highway/[>=1.0.3 <2]")
        self.requires("libjpeg-turbo/[>=2.1 <4]")
        self.requires("libpng/[>=1.6 <2]")
        self.requires("zlib/[>=1.2.11 <2]")
        # Compiled in, and seen by no user.
        self.requires("cli11/[>=2.3 <3]", visible=False)
        self.requires("eigen/[>=3.4 <6]", visible=False)
        self.requires("nlohmann_json/[>=3.11 <4]", visible=False)

    def build_requirements(self):
        self.tool_requires("cmake/[>=3.25]")

    def validate(self):
        check_min_cppstd(self, 20)
        oldest = {"gcc": "12", "clang": "16"}.get(str(self.settings.compiler))
        if self.settings.os != "Linux" or not oldest or Version(self.settings.compiler.version) < oldest:
            raise ConanInvalidConfiguration("salient needs Linux and g++ 12 or Clang 16")

    def layout(self):
        cmake_layout(self)

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        for part in ("APPS", "TESTS", "BENCH"):
            toolchain.cache_variables[f"SALIENT_BUILD_{part}"] = False
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        copy(self, "LICENSE", self.source_folder, f"{self.package_folder}/licenses")
        CMake(self).install()

    def package_info(self):
        # salient's own package files: they bring salient_add_explainer and salient_add_c_library too.
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.builddirs = ["lib/cmake/salient"]
        self.cpp_info.libs = ["salient-explainer", "salient"]
        self.cpp_info.system_libs = ["pthread", "dl"]
