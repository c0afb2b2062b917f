#!/usr/bin/env bash
# Fuzzes every fuzz test of the module in turn, one process each, and says what it cost: scripts/fuzz.sh 10m [PATTERN]
set -euo pipefail
TIMEFORMAT='%U %S'
failed=0
for package in $(go list ./...); do
	for name in $(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
		[[ "$package $name" =~ ${2:-.} ]] || continue
		{ cpu=$( { time go test -run '^$' -fuzz "^$name\$" -fuzztime "$1" -parallel 1 "$package" >/tmp/fuzz.$$ 2>&1; } 2>&1 ); } && found=none || { found=SOMETHING failed=1; tail -n 40 /tmp/fuzz.$$; }
		awk -v of="$package $name" -v found="$found" -v cpu="$cpu" '/execs: /{ for (i = 1; i < NF; i++) if ($i == "execs:") n = $(i + 1) }
			END { split(cpu, c, " "); printf "%-60s %10d executions, %5.1f CPU minutes, found %s\n", of, n, (c[1] + c[2]) / 60, found }' /tmp/fuzz.$$
		rm -f /tmp/fuzz.$$
	done
done
exit $failed
