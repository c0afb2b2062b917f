#!/bin/sh
# Runs every built-in scenario on many seeds, where a broken balance ends it, and has a class pester the page's server for a minute: scripts/soak.sh 20
set -eu
ENTREPOT_SOAK=60s go test -count=1 -run '^TestSoak$' -v ./web | grep -v '^='
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
go build -o "$work/entrepot" ./cmd/entrepot
seed=0
while [ "$seed" -lt "$1" ]; do
	# shellcheck disable=SC2046 # one name a word
	"$work/entrepot" run $("$work/entrepot" scenario list | cut -d ' ' -f 1) --seed "$seed" --no-plots --quiet --out "$work/runs" >/dev/null
	rm -rf "$work/runs"
	echo "seed $seed: every scenario ran and balanced"
	seed=$((seed + 1))
done
