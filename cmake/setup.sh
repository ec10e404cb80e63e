# SPDX-License-Identifier: MIT
# Source this from a script that has `set -eu` and runs in the repository's root.

# missing package...: prints the Debian packages that are neither installed nor available as a command of the same name.
missing() {
  for package in "$@"; do
    if command -v "${package%-build}" >/dev/null; then continue; fi
    status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) || status=
    [ "$status" = "install ok installed" ] || printf '%s ' "$package"
  done
}

as_root=  # command to become root, or empty if not needed

# apt_get argument...: runs apt-get quietly. Waits up to ten minutes while another apt runs, as on fresh systems.
# DPkg::Lock::Timeout covers only dpkg's lock; for the locks on lists and archives, apt-get is run again.
apt_get() {
  waited=0
  while true; do
    # shellcheck disable=SC2086  # $as_root may be empty
    if said=$($as_root env LC_ALL=C DEBIAN_FRONTEND=noninteractive \
        apt-get -qq -o DPkg::Lock::Timeout=600 "$@" 2>&1); then
      return 0
    fi
    case $said in
      *"Could not get lock"*) ;;
      *) break ;;
    esac
    [ "$waited" -lt 600 ] || break
    [ "$waited" -gt 0 ] || echo "Another apt holds a lock; waiting for it, ten minutes at most."
    sleep 5
    waited=$((waited + 5))
  done
  echo "$said" >&2
  return 1
}

# can_install: whether packages can be installed. Sets `as_root`, or `reason` if they cannot.
can_install() {
  as_root=
  if ! command -v apt-get >/dev/null; then
    reason="this system has no apt-get; install them by other means (the names are Debian's)"
  elif [ "$(id -u)" -eq 0 ]; then
    return 0
  elif command -v sudo >/dev/null; then
    as_root=sudo
    return 0
  else
    reason="run this as root, or install sudo, or install them yourself"
  fi
  return 1
}

# install package...: installs the missing packages with apt. Does nothing if none is missing.
install() {
  wanted=$(missing "$@")
  [ -n "$wanted" ] || return 0
  if ! can_install; then
    echo "These packages are needed: $wanted; $reason" >&2
    return 1
  fi
  echo "Installing $wanted"
  # shellcheck disable=SC2086  # a list of words
  apt_get update && apt_get install -y --no-install-recommends $wanted
}

# sanitizes compiler: whether programs that it builds with each sanitizer link and run. Clang's sanitizers need a
# runtime from a separate package.
sanitizes() {
  folder=$(mktemp -d)
  echo 'int main() {}' >"$folder/empty.cpp"
  echo 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, decltype(sizeof 0)) { return 0; }' \
    >"$folder/fuzzer.cpp"
  works=yes
  for with in address,undefined thread; do
    { "$1" "-fsanitize=$with" "$folder/empty.cpp" -o "$folder/program" && ${fixed:-} "$folder/program"; } || works=
  done >/dev/null 2>&1
  case $1 in
    clang*) "$1" -fsanitize=fuzzer,address "$folder/fuzzer.cpp" -o "$folder/program" >/dev/null 2>&1 || works= ;;
  esac
  rm -r "$folder"
  [ -n "$works" ]
}

# installed_clangs: the installed versions of Clang that can build the library (16 and later), newest first.
installed_clangs() {
  echo "$PATH" | tr : '\n' | while read -r folder; do ls "$folder" 2>/dev/null || true; done |
    sed -n 's/^clang++-\([0-9][0-9]*\)$/\1/p' | sort -rnu | while read -r n; do
      if [ "$n" -ge 16 ]; then echo "clang++-$n"; fi
    done
  if version=$(clang++ -dumpversion 2>/dev/null) && [ "${version%%.*}" -ge 16 ]; then echo clang++; fi
}

# offered_clangs: the versions that apt can install with their sanitizer runtime, newest first.
offered_clangs() {
  apt-cache search --names-only '^libclang-rt-[0-9]+-dev$' 2>/dev/null |
    sed -n 's/^libclang-rt-\([0-9]*\)-dev .*/\1/p' | sort -rn | while read -r n; do
      if [ "$n" -ge 16 ]; then echo "$n"; fi
    done
}

# choose_sanitizing: sets `sanitizing` to the compiler for sanitizer builds: the newest installed Clang whose sanitizers
# work, else the newest that apt offers, else g++.
choose_sanitizing() {
  for sanitizing in $(installed_clangs); do
    if sanitizes "$sanitizing"; then return; fi
    echo "$sanitizing cannot be used: its sanitizers do not link or run (Debian's package libclang-rt-N-dev has them)."
  done
  if can_install && apt_get update; then
    for n in $(offered_clangs); do
      install "clang-$n" "libclang-rt-$n-dev" || continue
      sanitizing=clang++-$n
      if sanitizes "$sanitizing"; then return; fi
    done
  fi
  sanitizing=g++
  if sanitizes g++; then
    echo "No Clang 16 or later with sanitizers can be had; the sanitizers run with g++."
  else
    echo "Neither Clang nor g++ builds programs with sanitizers here; install clang-N and libclang-rt-N-dev, N >= 16," \
      "or g++'s libasan, libubsan and libtsan." >&2
    return 1
  fi
}

# fetch_sysroot architecture: unpacks the libraries that salient and its tests link to, for another of Debian's
# architectures, in build/sysroots/ARCHITECTURE/root. The system's own packages are not changed.
fetch_sysroot() {
  folder=build/sysroots/$1
  linked="libpng-dev libjpeg-dev zlib1g-dev libhwy-dev libgtest-dev"
  [ "$(cat "$folder/complete" 2>/dev/null)" != "$linked" ] || return 0
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 1
  rm -rf "$folder"
  mkdir -p "$folder/root" "$folder/lists/partial" "$folder/archives/partial"
  : >"$folder/status"
  cat >"$folder/apt.conf" <<END
APT::Architecture "$1";
#clear APT::Architectures;
APT::Architectures { "$1"; };
APT::Sandbox::User "$(id -un)";
Dir::State "$PWD/$folder";
Dir::State::status "$PWD/$folder/status";
Dir::Cache "$PWD/$folder";
END
  # A failing index (of a mirror during an update) may not be needed, so go on.
  APT_CONFIG=$folder/apt.conf apt-get -qq update >"$folder/log" 2>&1 || true
  # shellcheck disable=SC2086  # a list of words
  if ! APT_CONFIG=$folder/apt.conf apt-get -qq -y --no-install-recommends --download-only install $linked \
      >>"$folder/log" 2>&1; then
    echo "The libraries for $1 cannot be had: $(grep '^E:' "$folder/log" | head -n 1)"
    return 1
  fi
  for package in "$folder"/archives/*.deb; do dpkg-deb -x "$package" "$folder/root" || return 1; done
  # Since Debian 13 packages have everything in /usr, and a new system has links to it.
  [ -e "$folder/root/lib" ] || ln -s usr/lib "$folder/root/lib"
  echo "$linked" >"$folder/complete"
}

# install_platforms: installs what tests/platforms need where possible; tests that lack something are skipped.
install_platforms() {
  install qemu-user-static || true
  for platform in armhf:arm-linux-gnueabihf arm64:aarch64-linux-gnu; do
    if install "g++-${platform#*:}"; then fetch_sysroot "${platform%:*}" || true; fi
  done
  case $sanitizing in
    clang++-*) install "libc++-${sanitizing#clang++-}-dev" "libc++abi-${sanitizing#clang++-}-dev" || true ;;
  esac
}

# install_wasm: installs what compiles for WebAssembly, for the newest Clang for which it can be had.
install_wasm() {
  for n in $(installed_clangs | sed -n 's/^clang++-//p') $(offered_clangs); do
    if install "clang-$n" "lld-$n" "libc++-$n-dev-wasm32" "libc++abi-$n-dev-wasm32" "libclang-rt-$n-dev-wasm32" wasi-libc; then
      return 0
    fi
  done
  return 1
}

# Packages to build the library and its programs.
library="g++ cmake ninja-build libboost-dev libeigen3-dev libpng-dev libjpeg-dev zlib1g-dev nlohmann-json3-dev libcli11-dev libhwy-dev libprotozero-dev"
# Packages to build the page in a browser, beside what install_wasm installs.
page="g++ cmake ninja-build libboost-dev libeigen3-dev nlohmann-json3-dev libhwy-dev"
# Further packages for the tests and benchmarks.
tests="libgtest-dev libbenchmark-dev libonnx-testdata binutils curl pkg-config python3-numpy libopenmpi-dev openmpi-bin"

jobs=$(nproc 2>/dev/null || echo 2)
