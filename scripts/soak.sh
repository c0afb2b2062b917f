#!/bin/sh
# Has a class pester the page's server for an hour, on this machine alone, then runs every built-in scenario on many seeds, where a broken balance ends it:
# scripts/soak.sh 20 1h. It ends by itself.
set -eu
ENTREPOT_SOAK=${2:-1h} go test -count=1 -timeout 12h -run '^TestSoak$' -v ./web
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
