#!/usr/bin/env bash
# Copies what real Kubernetes servers printed and answered to tests/fixtures, where the tests read it, and says what
# changed. Usage: scripts/refresh-fixtures.sh [FOLDER]; the folder holds corpus/ and recordings/, ../shared where none
# is named. Both are mirrored: what the folder no longer has goes. The rest of tests/fixtures is not touched.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
from=$root/../shared
if [ $# -gt 0 ]; then
  from=$(cd "$1" && pwd)
fi
cd "$root"
to=tests/fixtures

for part in corpus recordings; do
  if [ -z "$(find "$from/$part" -type f -name '*.json' -print -quit 2>/dev/null)" ]; then
    echo "there are no recordings in $from/$part: name the folder that holds corpus/ and recordings/" >&2
    exit 1
  fi
done

changes=0
say() { # WHAT FILE
  printf '%-8s %s\n' "$1" "$2"
  changes=$((changes + 1))
}

for part in corpus recordings; do
  while IFS= read -r -d '' file; do
    path=${file#"$from"/}
    if [ ! -e "$to/$path" ]; then
      say added "$to/$path"
    elif ! cmp -s "$file" "$to/$path"; then
      say changed "$to/$path"
    else
      continue
    fi
    mkdir -p "$(dirname "$to/$path")"
    cp "$file" "$to/$path"
    chmod 644 "$to/$path"
  done < <(find "$from/$part" -type f \( -name '*.json' -o -name '*.txt' \) -print0 | LC_ALL=C sort -z)

  [ -d "$to/$part" ] || continue
  while IFS= read -r -d '' file; do
    path=${file#"$to"/}
    if [ ! -e "$from/$path" ]; then
      say removed "$file"
      rm "$file"
    fi
  done < <(find "$to/$part" -type f -print0 | LC_ALL=C sort -z)
done

if [ "$changes" -eq 0 ]; then
  echo "nothing changed"
else
  echo "$changes files changed; now: cargo test"
fi
