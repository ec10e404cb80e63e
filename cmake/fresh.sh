#!/bin/sh
# SPDX-License-Identifier: MIT
# sh cmake/fresh.sh [suite]: runs both commands of the README in a new, minimal installation of Debian or Ubuntu
# (bookworm, trixie, noble, ...; trixie by default) with a clean clone of HEAD. Needs root, for debootstrap and chroot.
# MIRROR is the URL of the archive, which debootstrap on Debian needs for Ubuntu. The output goes to
# build/fresh/SUITE.log. The installation is removed afterwards unless KEEP is set.
set -eu
cd "$(dirname "$0")/.."
. cmake/setup.sh

suite=${1:-trixie}
[ "$(id -u)" -eq 0 ] || { echo "fresh.sh: run this as root; debootstrap and chroot need it" >&2; exit 1; }
# Mounts below are private to this process and vanish when it ends.
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

# A suite newer than debootstrap gets a general script. (gutsy's is that of every Ubuntu.)
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
