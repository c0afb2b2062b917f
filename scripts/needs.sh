#!/bin/sh
# Says what tests need beside Go, and installs it on Debian as root. Nothing here is needed to run the program.
# With CI=true a tool that stays missing is an error, elsewhere its tests are skipped and say so.
set -u

missing=''
need() { # PACKAGE TOOL...: all that tests use of it
	package=$1
	shift
	for tool; do
		command -v "$tool" >/dev/null 2>&1 || { missing="$missing $package"; return; }
	done
}
need git git # the clean clone of .ci/run
if [ "$(uname)" = Linux ] && [ "$(id -u)" = 0 ]; then # two nodes and a controller, started by the test of arrays
	need slurm-wlm slurmctld slurmd sbatch squeue scontrol sinfo
	need munge munged
fi
[ -z "$missing" ] && exit 0

if [ -f /etc/debian_version ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
	echo "needs: installing$missing"
	export DEBIAN_FRONTEND=noninteractive
	# shellcheck disable=SC2086 # one word a package
	{ apt-get install -y -qq --no-install-recommends $missing || { apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing; }; } >/dev/null && exit 0
fi
echo "needs: missing:$missing; install it with your system's package manager" >&2
[ "${CI:-}" = true ] && exit 1
exit 0
