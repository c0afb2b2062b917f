#!/usr/bin/env bash
# Fuzzes every fuzz test of the module in turn for so many minutes of processor time, one process each, and says what it cost: scripts/fuzz.sh 10 [PATTERN]
set -euo pipefail
TIMEFORMAT='%U %S'
log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=0
while IFS=: read -r file line; do
	name=${line#func } name=${name%%(*} package=./$(dirname "$file")
	[[ "$package $name" =~ ${2:-.} ]] || continue
	found=none used=0 runs=0 left=$(awk -v minutes="$1" 'BEGIN { print int(60 * minutes) }')
	while [[ $found = none && $left -gt 0 ]]; do # a busy machine gives less of a processor than the clock says
		cpu=$({ time go test -run '^$' -fuzz "^$name\$" -fuzztime "${left}s" -parallel 1 "$package" >"$log" 2>&1; } 2>&1) || found=SOMETHING
		# an input that was at work when the time was over is no finding
		! grep -q 'context deadline exceeded' "$log" || grep -q 'Failing input' "$log" || found=none
		[[ $found = none ]] || { failed=1; grep -v '^fuzz: elapsed' "$log" | tail -n 40; }
		read -r used runs left < <(awk -v cpu="$cpu" -v used="$used" -v runs="$runs" -v minutes="$1" '/execs: / { for (i = 1; i < NF; i++) if ($i == "execs:") n = $(i + 1) }
			END { split(cpu, c, " "); used += c[1] + c[2]; left = 60 * minutes - used; print used, runs + n, left < 15 ? 0 : int(left) }' "$log")
	done
	awk -v of="$package $name" -v found="$found" -v used="$used" -v runs="$runs" 'BEGIN { printf "%-70s %9d executions, %5.1f CPU minutes, found %s\n", of, runs, used / 60, found }'
done < <(git ls-files '*_test.go' | xargs grep '^func Fuzz' | sort)
exit $failed
