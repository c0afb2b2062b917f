#!/bin/sh
# Says what tests need beside Go, and installs it: programs on Debian as root, packages of npm in the folder that uses them.
# Nothing here is needed to run the program. With CI=true what stays missing is an error, elsewhere its tests are skipped and
# say so.
set -u

# git: the clean clone of .ci/run. node and npm: DuckDB, which reads our Parquet files in tests, the page's build, and the engine as
# WebAssembly. chromium: the page in a real browser. Slurm and munge: a test starts a cluster of its own, as root on Linux; where it
# cannot, they are of no use. qemu-aarch64-static: the engine on another processor.
tools='git node npm chromium'
[ "$(uname)" = Linux ] && tools="$tools qemu-aarch64-static"
[ "$(uname)" = Linux ] && [ "$(id -u)" = 0 ] && tools="$tools slurmctld slurmd sbatch munged"

lacking() {
	for tool in $tools; do
		command -v "$tool" >/dev/null 2>&1 || printf ' %s' "$tool"
	done
}

# The package that brings a tool, where its name is another.
packages() {
	for tool in $(lacking); do
		case $tool in
		node) tool=nodejs ;;
		slurmctld | slurmd | sbatch) tool=slurm-wlm ;;
		munged) tool=munge ;;
		qemu-aarch64-static) tool=qemu-user-static ;;
		esac
		printf ' %s' "$tool"
	done
	printf ' fonts-liberation' # what the page and its pictures are set in; Chromium alone may come without any
}

fail() {
	echo "needs: missing: $1" >&2
	[ "${CI:-}" = true ] && exit 1
	exit 0
}

if [ -n "$(lacking)" ] && [ -f /etc/debian_version ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
	echo "needs: installing$(lacking)"
	export DEBIAN_FRONTEND=noninteractive
	# shellcheck disable=SC2046 # one package a word
	{ apt-get install -y -qq --no-install-recommends $(packages) || { apt-get update -qq && apt-get install -y -qq --no-install-recommends $(packages); }; } >/dev/null
fi
[ -z "$(lacking)" ] || fail "$(lacking); install them with your system's package manager"

cd "$(dirname "$0")/.." || exit 1
bring() { # folder, what it brings
	cd "$1" || exit 1
	if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
		echo "needs: installing $2 for tests"
		npm ci --silent --no-audit --no-fund || fail "$2; npm could not install it"
	fi
	cd - >/dev/null || exit 1
}
bring internal/duckdb 'DuckDB for node'
bring web/page "the page's build"
exit 0
