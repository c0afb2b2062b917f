#!/bin/sh
# Fuzzes every fuzz test of the module in turn: scripts/fuzz.sh 10m
set -eu
for package in $(go list ./...); do
	for name in $(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
		echo "== $package $name"
		go test -run '^$' -fuzz "^$name\$" -fuzztime "$1" "$package"
	done
done
