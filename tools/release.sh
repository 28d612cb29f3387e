#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Makes build/glebe-VERSION.tar.gz from the last commit, the same bytes whenever it is done again,
# and tells its checksum to the Spack recipe. Refuses where files of the commit name another version.
#
# Usage: release.sh VERSION
set -euo pipefail
if [ $# -ne 1 ]; then
  echo "usage: release.sh VERSION" >&2
  exit 2
fi
version="$1"
cd "$(dirname "${BASH_SOURCE[0]}")/.."
recipe=spack/spack_repo/glebe/packages/glebe/package.py
problems=()

# The recipe gets the checksum after the archive was made, so it may differ from the commit.
changed="$(git status --porcelain -- . ":!$recipe")"
[ -z "$changed" ] || problems+=("not all is committed:"$'\n'"$changed")

# has FILE PATTERN: what the first parentheses match in the file must be the version.
has() {
  local found
  found="$(git show "HEAD:$1" | sed -nE "s/^.*$2.*$/\1/p" | head -n 1)"
  [ "$found" = "$version" ] || problems+=("$1: the version is ${found:-missing}")
}
has CMakeLists.txt 'project\(glebe VERSION ([0-9.]+)'
has CHANGELOG.md '^## \[([0-9.]+)\] - [0-9]{4}-[0-9]{2}-[0-9]{2}$'
has CITATION.cff '^version: ([0-9.]+)$'
has python/pyproject.toml '^version = "([0-9.]+)"'
has share/man/glebe.1 '"Glebe ([0-9.]+)"'
has docs/installing.md 'glebe-([0-9.]+)\.tar\.gz'
if [ ${#problems[@]} -gt 0 ]; then
  echo "release.sh: this is not ready to be version $version:" >&2
  printf '  %s\n' "${problems[@]}" >&2
  exit 1
fi

archive="build/glebe-$version.tar.gz"
mkdir -p build
git -c tar.umask=0022 archive --format=tar --prefix="glebe-$version/" HEAD | gzip -9 -n > "$archive"
line="    version(\"$version\", sha256=\"$(sha256sum "$archive" | cut -d ' ' -f 1)\")"
if grep -q "^    version(\"$version\"" "$recipe"; then
  sed -i "s/^    version(\"$version\".*/$line/" "$recipe"
else
  sed -i "/^    version(\"main\"/a\\$line" "$recipe"
fi
echo "$archive, and in $recipe:"
echo "$line"
