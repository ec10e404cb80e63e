#!/bin/sh
# SPDX-License-Identifier: MIT
# sh setup.sh: tests cmake/setup.sh on simulated machines. The PATH holds only fake versions of the commands that it
# calls, and a few harmless real ones.
# shellcheck disable=SC2016,SC2097,SC2098,SC2317  # code for the inner shell; functions that expect calls
set -eu
repository=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

# machine name: creates a simulated machine, with apt and a g++ whose sanitizers work.
machine() {
  name=$1
  world=$scratch/$name
  mkdir -p "$world/bin"
  for tool in cat chmod cp env grep ls mktemp rm sed sh sort touch tr; do
    ln -s "$(command -v $tool)" "$world/bin/$tool"
  done
  command_is id 'echo 0'
  command_is dpkg-query 'exit 1'
  command_is sleep 'echo "$1" >>"$world/slept"'
  command_is apt-cache 'cat "$world/offered" 2>/dev/null'
  # apt-get fails once for each line of the file `failing`, with that message; it can install what `installable` lists.
  command_is apt-get '
    echo "$*" >>"$world/apt"
    if [ -s "$world/failing" ]; then
      sed -n 1p "$world/failing" >&2
      sed -i 1d "$world/failing"
      exit 100
    fi
    for package in "$@"; do
      case $package in
        *-[0-9]*)
          grep -qx "$package" "$world/installable" || exit 100
          case $package in
            clang-[0-9]*) cp "$world/compiler" "$world/bin/clang++-${package#clang-}" ;;
            libclang-rt-*) touch "$world/runtime-$(echo "$package" | tr -dc 0-9)" ;;
          esac ;;
      esac
    done'
  command_is g++ 'exec "$world/compiler" "$@"'
  # A compiler's sanitizers work if there is a file runtime-N for its version N. What it builds runs.
  cat >"$world/compiler" <<'END'
#!/bin/sh
n=$(echo "${0##*/}" | tr -dc 0-9)
if [ "$1" = -dumpversion ]; then echo "$n"; exit; fi
[ -e "$world/runtime-$n" ] || exit 1
while [ $# -gt 1 ]; do shift; done
echo '#!/bin/sh' >"$1"
chmod +x "$1"
END
  chmod +x "$world/compiler"
  touch "$world/apt" "$world/slept" "$world/runtime-"
}
command_is() {
  printf '#!/bin/sh\n%s\n' "$2" >"$world/bin/$1"
  chmod +x "$world/bin/$1"
}
clang() {
  cp "$world/compiler" "$world/bin/clang++-$1"
  if [ "$2" = complete ]; then touch "$world/runtime-$1"; fi
}
offer() {
  for n in "$@"; do
    echo "libclang-rt-$n-dev - Compiler-rt - development package" >>"$world/offered"
    printf 'clang-%s\nlibclang-rt-%s-dev\n' "$n" "$n" >>"$world/installable"
  done
}
# run command...: runs it in a shell that has sourced setup.sh. Sets $said to its output and $status to its exit status.
run() {
  status=0
  said=$(cd "$repository" && world=$world PATH=/nowhere:$world/bin "$world/bin/sh" -euc ". cmake/setup.sh; $*" 2>&1) || status=$?
}
# expect description condition...
expect() {
  description=$1
  shift
  if ! "$@"; then
    echo "$name: not so: $description. Exit status $status; it says: $said" >&2
    failures=$((failures + 1))
  fi
}
says() { case $said in *"$1"*) ;; *) return 1 ;; esac; }
lines() { sed -n '$=' "$1" | grep -qx "$2" || { [ "$2" -eq 0 ] && [ ! -s "$1" ]; }; }
asked() { grep -q -- "$1" "$world/apt"; }
never() { ! "$@"; }

machine another_apt_holds_a_lock
printf 'E: Could not get lock /var/lib/apt/lists/lock. It is held by process 1 (apt)\n%.0s' 1 2 3 >"$world/failing"
run apt_get update
expect "it succeeds in the end" [ "$status" -eq 0 ]
expect "it has waited three times" lines "$world/slept" 3
expect "it says once that it waits" [ "$said" = "Another apt holds a lock; waiting for it, ten minutes at most." ]
expect "dpkg's lock is waited for too" asked "-o DPkg::Lock::Timeout=600"

machine another_apt_never_ends
seq 200 | sed 's/.*/E: Could not get lock/' >"$world/failing"
run apt_get update
expect "it fails" [ "$status" -eq 1 ]
expect "it has waited ten minutes" lines "$world/slept" 120
expect "it says why" says "E: Could not get lock"

machine apt_fails
echo "E: Unable to locate package" >"$world/failing"
run apt_get install nothing
expect "it fails" [ "$status" -eq 1 ]
expect "it fails at once" lines "$world/slept" 0
expect "it says why" says "E: Unable to locate package"

machine several_clangs
clang 14 complete
clang 16 complete
clang 19 complete
offer 22
run 'choose_sanitizing; echo "takes $sanitizing"'
expect "the newest that is installed is taken" says "takes clang++-19"
expect "nothing is installed" lines "$world/apt" 0

machine old_clang
clang 14 complete
run 'choose_sanitizing; echo "takes $sanitizing"'
expect "g++ does" says "takes g++"

machine clang_without_runtime
clang 16 incomplete
run 'choose_sanitizing; echo "takes $sanitizing"'
expect "g++ does" says "takes g++"
expect "it says what the Clang lacks" says "clang++-16 cannot be used: its sanitizers do not link or run"
expect "it says that g++ does" says "the sanitizers run with g++"

machine clang_without_runtime_and_a_newer_one_offered
clang 16 incomplete
offer 14 17 19
run 'choose_sanitizing; echo "takes $sanitizing"'
expect "the newest is installed" asked "install -y --no-install-recommends clang-19 libclang-rt-19-dev"
expect "the newest is taken" says "takes clang++-19"
expect "no other is installed" never asked "clang-17"

machine newest_cannot_be_installed
offer 17 19
sed -i '/libclang-rt-19/d' "$world/installable"
run 'choose_sanitizing; echo "takes $sanitizing"'
expect "the next one is taken" says "takes clang++-17"

machine nothing_sanitizes
rm "$world/runtime-"
run 'choose_sanitizing; echo "takes $sanitizing"'
expect "it fails" [ "$status" -eq 1 ]
expect "it says what to install" says "install clang-N and libclang-rt-N-dev"

machine wasm_for_the_clang_that_is_there
clang 19 complete
printf '%s\n' clang-19 lld-19 libc++-19-dev-wasm32 libc++abi-19-dev-wasm32 libclang-rt-19-dev-wasm32 >"$world/installable"
run install_wasm
expect "it succeeds" [ "$status" -eq 0 ]
expect "the linker and the libraries are installed" asked "clang-19 lld-19 libc++-19-dev-wasm32 libc++abi-19-dev-wasm32"

machine wasm_for_another_clang
clang 22 complete
offer 19
printf '%s\n' lld-19 libc++-19-dev-wasm32 libc++abi-19-dev-wasm32 libclang-rt-19-dev-wasm32 >>"$world/installable"
run install_wasm
expect "it succeeds" [ "$status" -eq 0 ]
expect "the libraries of a Clang that has them are installed" asked "clang-19 lld-19 libc++-19-dev-wasm32"

machine no_wasm
clang 22 complete
run install_wasm
expect "it fails" [ "$status" -eq 1 ]

machine not_root
command_is id 'echo 1000'
run install something
expect "it fails" [ "$status" -eq 1 ]
expect "it says what to do" says "These packages are needed: something ; run this as root"
run 'choose_sanitizing; echo "takes $sanitizing"'
expect "g++ does" says "takes g++"

machine without_apt
rm "$world/bin/apt-get"
run install something
expect "it fails" [ "$status" -eq 1 ]
expect "it says what to do" says "this system has no apt-get"

[ "$failures" -eq 0 ] && echo "setup.sh does what it says on 14 machines"
