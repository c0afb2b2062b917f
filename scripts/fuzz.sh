#!/usr/bin/env bash
# Fuzzes every fuzz test of the module in turn, one process each, and says what it cost: scripts/fuzz.sh 10m [PATTERN]
set -euo pipefail
TIMEFORMAT='%U %S'
log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=0
while IFS=: read -r file line; do
	name=${line#func } name=${name%%(*} package=./$(dirname "$file")
	[[ "$package $name" =~ ${2:-.} ]] || continue
	found=none
	cpu=$({ time go test -run '^$' -fuzz "^$name\$" -fuzztime "$1" -parallel 1 "$package" >"$log" 2>&1; } 2>&1) || found=SOMETHING
	[[ $found = none ]] || { failed=1; tail -n 40 "$log"; }
	awk -v of="$package $name" -v found="$found" -v cpu="$cpu" '/execs: / { for (i = 1; i < NF; i++) if ($i == "execs:") n = $(i + 1) }
		END { split(cpu, c, " "); printf "%-70s %9d executions, %5.1f CPU minutes, found %s\n", of, n, (c[1] + c[2]) / 60, found }' "$log"
done < <(git ls-files '*_test.go' | xargs grep '^func Fuzz' | sort)
exit $failed
