# SPDX-License-Identifier: MIT
"""Checks the descriptions of packages against each other, CMake's and setup.sh's: python3 manifests.py

vcpkg and Conan are not needed. What vcpkg's schema asks of the manifest's fields is written down here.
"""

import json
import pathlib
import re
import unittest

root = pathlib.Path(__file__).parents[2]
recipes = root / "cmake/packaging"

# What the library is compiled with, as Debian, vcpkg and Conan call it. The Conan recipe builds no importer.
LIBRARIES = {
    "libboost-dev": ("boost-hana", "boost"),
    "libcli11-dev": ("cli11", "cli11"),
    "libeigen3-dev": ("eigen3", "eigen"),
    "libhwy-dev": ("highway", "highway"),
    "libjpeg-dev": ("libjpeg-turbo", "libjpeg-turbo"),
    "libpng-dev": ("libpng", "libpng"),
    "libprotozero-dev": ("protozero", None),
    "nlohmann-json3-dev": ("nlohmann-json", "nlohmann_json"),
    "zlib1g-dev": ("zlib", "zlib"),
}

IDENTIFIER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
FIELDS = {"$schema", "name", "version-semver", "description", "license", "supports", "dependencies", "features"}


def text_of(path):
    return (root / path).read_text()


class Manifests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cmake = text_of("CMakeLists.txt")
        cls.version, cls.description = re.search(r'project\(salient VERSION ([\d.]+) DESCRIPTION "([^"]+)"',
                                                 cls.cmake).groups()
        cls.setup = dict(re.findall(r'^(\w+)="([^"]+)"$', text_of("cmake/setup.sh"), re.MULTILINE))
        cls.vcpkg = json.loads(text_of("cmake/packaging/vcpkg/salient/vcpkg.json"))
        cls.port = text_of("cmake/packaging/vcpkg/salient/portfile.cmake")
        cls.conan = text_of("cmake/packaging/conan/conanfile.py")

    def names(self, dependencies):
        """The dependencies that are not tools of the machine that compiles."""
        found = []
        for d in dependencies:
            d = {"name": d} if isinstance(d, str) else d
            self.assertLessEqual(d.keys(), {"name", "host", "features", "default-features", "platform", "version>="})
            self.assertRegex(d["name"], rf"^{IDENTIFIER.pattern}$")
            if not d.get("host"):
                found.append(d["name"])
        self.assertEqual(len(found), len(set(found)))
        return found

    def test_the_libraries_are_the_same_everywhere(self):
        libraries = {name for name in self.setup["library"].split() if name.endswith("-dev")}
        self.assertEqual(libraries, LIBRARIES.keys(), "what cmake/setup.sh installs")
        of_vcpkg = self.names(self.vcpkg["dependencies"]) + self.names(self.vcpkg["features"]["tools"]["dependencies"])
        self.assertEqual(sorted(of_vcpkg), sorted(v for v, _ in LIBRARIES.values()))
        of_conan = re.findall(r'self\.requires\("([\w-]+)/\[', self.conan)
        self.assertEqual(sorted(of_conan), sorted(c for _, c in LIBRARIES.values() if c))

    def test_fields_of_vcpkg(self):
        self.assertEqual(self.vcpkg.keys(), FIELDS)
        self.assertEqual(self.vcpkg["name"], "salient")
        self.assertEqual(self.vcpkg["name"], (recipes / "vcpkg/salient").name)
        self.assertEqual(self.vcpkg["version-semver"], self.version)
        self.assertEqual(self.vcpkg["description"].rstrip("."), self.description)
        for name, feature in self.vcpkg["features"].items():
            self.assertRegex(name, rf"^{IDENTIFIER.pattern}$")
            self.assertNotIn(name, ("core", "default"))
            self.assertEqual(feature.keys(), {"description", "dependencies"})
            self.names(feature["dependencies"])

    def test_features_of_vcpkg_are_options_of_cmake(self):
        mapped = re.search(r"FEATURES\n((?:\s+[a-z-]+ SALIENT_\w+\n?)+)\)", self.port)[1].split()
        self.assertEqual(set(mapped[::2]), self.vcpkg["features"].keys())
        options = set(re.findall(r"option\((\w+) ", self.cmake))
        given = set(mapped[1::2]) | set(re.findall(r"-D(SALIENT_\w+)=", self.port))
        parts = re.search(r"for part in \(([^)]*)\):", self.conan)[1]
        given |= {f"SALIENT_BUILD_{part}" for part in re.findall(r"[A-Z]+", parts)}
        self.assertEqual(given - options, set())
        self.assertLessEqual({"SALIENT_BUILD_APPS", "SALIENT_BUILD_TESTS", "SALIENT_BUILD_BENCH"}, given)

    def test_what_conan_exports_exists(self):
        exported = re.findall(r'"([\w./]+)"', "".join(re.findall(r"for \w+ in \(([^)]+)\):\n\s+copy", self.conan)))
        self.assertIn("src", exported)
        self.assertEqual([name for name in exported if not (root / name).exists()], [])
        # All that CMake reads without programs, tests and benchmarks.
        read = re.findall(r"^(?:include|add_subdirectory)\((cmake|src)\b", self.cmake, re.MULTILINE)
        self.assertLessEqual(set(read), set(exported))

    def test_packages_of_debian(self):
        packages = text_of("cmake/packages.cmake")
        installed = {name for list in self.setup.values() for name in list.split()}
        wanted = set()
        for field in re.findall(r'_(?:DEPENDS|SUGGESTS) "([^"]*)"', packages):
            wanted |= {re.sub(r" *\(.*", "", name).strip() for name in field.split(",")}
        wanted = {name for name in wanted if "$" not in name}
        own = set(re.findall(r"set\(name_\w+ ([\w-]+)\)", packages))
        self.assertIn("libboost-dev", wanted)
        self.assertEqual(wanted - own - installed, set())
        maintainer = re.search(r'set\(SALIENT_PACKAGE_MAINTAINER "([^"]*)" CACHE', packages)[1]
        self.assertRegex(maintainer, r"^[^<>,]+ <[\w.+-]+@[\w-]+(\.[\w-]+)+>$")

    def test_change_log(self):
        versions = re.findall(r"^## (\d\S*?),", text_of("cmake/packaging/CHANGELOG.md"), re.MULTILINE)
        self.assertEqual(versions[0], self.version)


if __name__ == "__main__":
    unittest.main()
