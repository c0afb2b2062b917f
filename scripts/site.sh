#!/bin/sh
# Makes the page that needs no server: scripts/site.sh FOLDER. The page is the built one; the engine is compiled here.
set -eu
site=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

# A folder that is no site of ours is left alone.
if [ -e "$site" ] && [ ! -e "$site/live.js" ]; then
	echo "$site exists and holds no page; name another folder" >&2
	exit 1
fi

scripts/wasm.sh "$work/live.wasm"

mkdir -p "$work/site"
cp -R web/dist/assets web/site/README.txt "$work/site"

# What the program's server says in a header, a folder says in the page itself: its own files alone, workers from a Blob, no connections.
policy="default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; worker-src blob:; base-uri 'none'; form-action 'none'"
sed "s|<meta charset=\"utf-8\">|&<meta http-equiv=\"Content-Security-Policy\" content=\"$policy\">|" web/dist/index.html >"$work/site/index.html"
grep -q Content-Security-Policy "$work/site/index.html"

# Both in base64: no text of theirs can end a script. Go's script is one of ASCII.
{
	printf 'window.ENTREPOT_ENGINE = { kind: "wasm", packed: "./live.js", exec: atob("'
	base64 <"$(go env GOROOT)/lib/wasm/wasm_exec.js" | tr -d '\n'
	printf '") }\n'
} >"$work/site/engine.js"
{
	printf 'window.ENTREPOT_WASM = "'
	gzip -9n <"$work/live.wasm" | base64 | tr -d '\n'
	printf '"\n'
} >"$work/site/live.js"

# The folder appears whole.
rm -rf "$site"
mv "$work/site" "$site"
echo "$site: open index.html, or put the folder on a web host"
