#!/bin/sh
# Compiles the engine for the page's workers: scripts/wasm.sh FILE. What is not inlined packs an eighth smaller; the model itself, where
# a run spends its time, is as elsewhere. Data in one piece packs a twelfth smaller (cmd/wasm/join).
set -eu
version=$(git describe --tags --always --dirty 2>/dev/null || echo devel)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
GOOS=js GOARCH=wasm "${GO:-go}" build -trimpath -ldflags "-s -w -X main.version=$version" \
	-gcflags=all=-l -gcflags=entrepot/sim= -gcflags=entrepot/agents= -gcflags=math= -gcflags=math/bits= \
	-o "$work/live.wasm" ./cmd/wasm
"${GO:-go}" run ./cmd/wasm/join "$work/live.wasm" "$1"
