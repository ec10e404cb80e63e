#!/bin/sh
# SPDX-License-Identifier: MIT
# sh cmake/fresh.sh [suite]: tries both commands of the README in a new, minimal installation of Debian or Ubuntu (bookworm,
# trixie, noble, ...; by default trixie) with a clean clone of HEAD. Needs root, for debootstrap and chroot. MIRROR is the URL
# of the archive to install from, which debootstrap on Debian needs to be told for Ubuntu. What was said
# is in build/fresh/SUITE.log; the installation is removed afterwards, unless KEEP is set.
set -eu
cd "$(dirname "$0")/.."
. cmake/setup.sh

suite=${1:-trixie}
[ "$(id -u)" -eq 0 ] || { echo "fresh.sh: run this as root; debootstrap and chroot need it" >&2; exit 1; }
# Everything that is mounted below is so for this process alone, and gone when it ends.
[ -n "${SALIENT_UNSHARED:-}" ] || SALIENT_UNSHARED=yes exec unshare --mount --propagation private sh "cmake/fresh.sh" "$@"

install debootstrap git
mkdir -p build/fresh
log=$PWD/build/fresh/$suite.log
root=$PWD/build/fresh/$suite
[ ! -e "$root" ] || { echo "fresh.sh: $root is there already; remove it, or another run uses it" >&2; exit 1; }
remove() {
  umount "$root/proc" 2>/dev/null || true
  [ -n "${KEEP:-}" ] || rm -rf --one-file-system "$root"
}
trap remove EXIT
trap 'exit 130' HUP INT TERM

# debootstrap knows the suites of its own time; newer ones are made alike. (gutsy's script is that of all of Ubuntu's.)
components=main
script=
case $suite in
  jammy | noble | oracular | plucky | questing | resolute)
    components=main,universe
    script=gutsy
    ;;
  *) [ -e "/usr/share/debootstrap/scripts/$suite" ] || script=sid ;;
esac
echo "== $suite: a new installation in $root"
debootstrap --variant=minbase --components=$components "$suite" "$root" "${MIRROR:-}" ${script:+"/usr/share/debootstrap/scripts/$script"} >"$log" 2>&1 ||
  { tail -n 20 "$log" >&2; exit 1; }
mount -t proc proc "$root/proc"
git clone --quiet --no-hardlinks . "$root/salient"

for command in demo test; do
  echo "== $suite: sh cmake/$command.sh"
  start=$(date +%s)
  chroot "$root" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    sh /salient/cmake/$command.sh >>"$log" 2>&1 ||
    { tail -n 40 "$log" >&2; echo "fresh.sh: cmake/$command.sh fails on $suite; $log has all that it said" >&2; exit 1; }
  echo "passes after $((($(date +%s) - start) / 60)) minutes"
done
grep -h "tests passed" "$log"
