#!/bin/sh
# Compiles the engine for the page's workers: scripts/wasm.sh FILE. What is not inlined packs an eighth smaller; the model itself, where
# a run spends its time, is as elsewhere.
set -eu
version=$(git describe --tags --always --dirty 2>/dev/null || echo devel)
GOOS=js GOARCH=wasm "${GO:-go}" build -trimpath -ldflags "-s -w -X main.version=$version" \
	-gcflags=all=-l -gcflags=entrepot/sim= -gcflags=entrepot/agents= -gcflags=math= -gcflags=math/bits= \
	-o "$1" ./cmd/wasm
