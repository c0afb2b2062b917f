#!/bin/sh
# Makes the release of the commit twice, in two folders and from nothing, and compares the bytes: scripts/release-check.sh [SYSTEM/ARCHITECTURE,...]
set -eu
repository=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'chmod -R u+w "$work" 2>/dev/null || true; rm -rf "$work"' EXIT INT TERM
for folder in one another/folder; do
	git clone --quiet --no-hardlinks "$repository" "$work/$folder"
	(
		cd "$work/$folder"
		GOCACHE="$work/cache" go run ./cmd/release ${1:+-targets "$1"}
	)
	rm -rf "$work/cache"
done
diff -r "$work/one/release" "$work/another/folder/release"
cat "$work/one/release/SHA256SUMS"
echo 'two builds from nothing, in two folders: the same bytes'
