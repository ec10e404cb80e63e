#!/bin/sh
# SPDX-License-Identifier: MIT
# sh cmake/package.sh [suite]: builds Debian packages for the running Debian or Ubuntu in build/package/packages, installs
# them in a new, minimal installation of this suite, by default the running one, and builds and runs there a project that
# uses them by CMake, pkg-config, C and Python. Needs root, for debootstrap and chroot. MIRROR as for fresh.sh; MAINTAINER,
# "Name <address>", is named in the packages.
set -eu
cd "$(dirname "$0")/.."
. cmake/setup.sh

suite=${1:-$(. /etc/os-release && echo "$VERSION_CODENAME")}
[ "$(id -u)" -eq 0 ] || { echo "package.sh: run this as root; debootstrap and chroot need it" >&2; exit 1; }
[ -n "${SALIENT_UNSHARED:-}" ] || SALIENT_UNSHARED=yes exec unshare --mount --propagation private sh "cmake/package.sh" "$@"

# shellcheck disable=SC2086  # lists of words
install $library dpkg-dev file debootstrap
build=build/package
mkdir -p build
log=$PWD/build/package.log
echo "== building packages; $log has all output"
{
  cmake -S . -B $build -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=ON -DCMAKE_INSTALL_PREFIX=/usr \
    ${MAINTAINER:+"-DSALIENT_PACKAGE_MAINTAINER=$MAINTAINER"} &&
    cmake --build $build -j "$jobs" &&
    rm -rf $build/packages && (cd $build && cpack -G DEB)
} >"$log" 2>&1 || { tail -n 20 "$log" >&2; exit 1; }

root=$PWD/$build/root
remove() {
  umount "$root/proc" 2>/dev/null || true
  [ -n "${KEEP:-}" ] || rm -rf --one-file-system "$root"
}
trap remove EXIT
trap 'exit 130' HUP INT TERM
remove
echo "== $suite: a new installation in $root"
debootstrap --variant=minbase "$suite" "$root" ${MIRROR:+"$MIRROR"} >>"$log" 2>&1 || { tail -n 20 "$log" >&2; exit 1; }
mount -t proc proc "$root/proc"
mkdir "$root/salient"
cp $build/packages/*.deb "$root/salient"
cp -r tests/install apps/c tests/import/exported/residual.ts17.onnx "$root/salient"

# in_root command: runs it in the new installation.
in_root() {
  echo "+ $1" >>"$log"
  chroot "$root" env -i DEBIAN_FRONTEND=noninteractive LC_ALL=C \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin sh -euc "cd /salient; $1" >>"$log" 2>&1 ||
    { tail -n 30 "$log" >&2; echo "package.sh: this fails in the new installation: $1" >&2; exit 1; }
}

# Without the library the others cannot be installed; with it, each brings all that it needs.
apt="apt-get -qq -y --no-install-recommends install"
in_root "! $apt ./salient_*.deb"
in_root "! $apt ./libsalient-dev_*.deb"
in_root "$apt ./libsalient[0-9]*.deb && ! ldd /usr/lib/*/libsalient.so.* | grep 'not found'"
in_root "$apt ./salient_*.deb && cd / && salient-explain 7 --out /tmp/explained --method integrated_gradients --json"
in_root "$apt ./libsalient-dev_*.deb g++ cmake ninja-build pkg-config python3-numpy"
in_root "cmake -DPREFIX=/usr -DSCRATCH=/tmp/packages -DGENERATOR=Ninja -DCOMPILER=c++ -DEXAMPLES=/salient/c \
  -DONNX=/salient/residual.ts17.onnx -P install/packages.cmake"
in_root "sh install/python.sh /tmp/packages c"
# As README says, with the module that the package brings.
in_root "rm c/salient.py && cd /tmp/packages/build &&
  PYTHONPATH=/usr/share/salient python3 /salient/c/explain.py ./libclassifier.so picture.png grad_cam"
in_root "apt-get -qq -y purge salient libsalient-dev 'libsalient[0-9]*' && ! find /usr -name '*salient*' | grep ."
echo "== the packages pass on $suite:"
(cd $build/packages && ls -l ./*.deb)
