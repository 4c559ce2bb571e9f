#!/usr/bin/env bash
# Makes screenshots/ and the generated docs from the console itself: the demo cluster at a fixed time, so that the
# same sources give the same bytes. With --check, fails where what is committed is not what comes out.
set -euo pipefail
cd "$(dirname "$0")/.."
out=.
if [ "${1:-}" = --check ]; then
  out=$(mktemp -d)
  trap 'rm -rf "$out"' EXIT
fi
mkdir -p "$out/screenshots" "$out/docs"
konn() { env -u KUBECONFIG XDG_CONFIG_HOME="$PWD/target/no-config" LC_ALL=C ./target/release/konn "$@"; }
[ -x target/release/konn ] || cargo build --locked --release

at=2026-01-15T09:30:00Z
shot() { # NAME SIZE THEME LANG KEYS LINE
  konn snapshot --demo --at "$at" --size "$2" --theme "$3" --lang "$4" --keys "$5" --format svg "$6" \
    > "$out/screenshots/$1.svg"
}
shot pods 120x30 dark en "" "pods"
shot pods-light 120x30 light en "" "pods shop"
shot describe 120x40 dark en "d" "pods shop"
shot yaml 100x32 dark en "y" "deployments shop"
shot storage 120x30 dark en "" "storage"
shot nodes-wide 160x16 dark en "w" "nodes"
shot events 140x30 high-contrast en "" "events shop"
shot palette 100x28 colour-blind-safe en ": d e p" "pods"
shot help 100x40 dark en "?" "pods"
shot pods-ja 120x30 dark ja "" "pods"
shot monochrome 80x24 monochrome en "" "deployments"

konn man > "$out/docs/konn.1"

if [ "$out" != . ]; then
  status=0
  for file in screenshots/*.svg docs/konn.1; do
    cmp -s "$file" "$out/$file" || { echo "not up to date: $file (run scripts/generate.sh)"; status=1; }
  done
  for file in "$out"/screenshots/*.svg; do
    [ -e "screenshots/$(basename "$file")" ] || { echo "missing: screenshots/$(basename "$file")"; status=1; }
  done
  exit $status
fi
