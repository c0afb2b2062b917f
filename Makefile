# `make` or `make help` lists the targets.
GO ?= go

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## bin/entrepot, one static program
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/entrepot ./cmd/entrepot

cards: ## see again what the claims of scenarios give, and write the model cards (a minute or two)
	$(GO) test ./experiment -run TestClaimsHold -count=1 -update
	$(GO) run ./cmd/entrepot docs

notices: ## write the licences of all code, fonts and data in the program again
	$(GO) test ./internal/notices -run Notices -count=1 -update

wasm: ## bin/live.wasm, the engine for the page's workers (`make site` holds it)
	scripts/wasm.sh bin/live.wasm

site: ## site/, the page as a folder for a web host or a USB stick, without a server
	scripts/site.sh site

release: ## release/, programs for six systems, manual pages, licences, bills of materials, the page, checksums
	$(GO) run ./cmd/release

release-check: ## make the release twice, in two folders and from nothing, and compare the bytes (ten minutes; TARGETS=linux/arm64,...)
	scripts/release-check.sh $(TARGETS)

test: needs ## install what tests need (Debian, as root) and run all of them
	$(GO) vet ./...
	$(GO) test -timeout 20m $(TESTFLAGS) ./...

race: ## the tests of everything that runs in parallel, with the race detector (needs a C compiler)
	CGO_ENABLED=1 $(GO) test -race -timeout 30m ./cmd/... ./output/...

lint: ## gofmt, go vet, staticcheck
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo 'run gofmt -w on these files'; exit 1; }
	$(GO) vet ./...
	$(GO) vet -tags readers,man ./cmd/entrepot
	$(GO) tool staticcheck ./...

bench: ## time the engine and the recorder
	$(GO) test -run '^$$' -bench . -benchmem ./...

fuzz: ## fuzz every reader of files and the auction, ten minutes of a processor each (FUZZMINUTES=..., ONLY=PATTERN of `package name`)
	scripts/fuzz.sh $(or $(FUZZMINUTES),10) '$(or $(ONLY),.)'

mutants: ## break scenarios in twenty thousand ways: each is refused with a place, or runs with the books closed (MUTANTS=... of a kind)
	ENTREPOT_MUTANTS=$(or $(MUTANTS),560) $(GO) test ./scenarios -run BrokenScenariosAre -count=1 -timeout 60m -v

conversions: ## run every scenario and the broken ones with each conversion to an integer looking whether the number fits
	$(GO) run ./internal/conversions ./scenarios -run 'TestGolden|BrokenScenariosAre' -timeout 60m

same: ## run every scenario whole on arm64 (qemu), WebAssembly (Node) and amd64 v3, and on 1 to 16 workers: the same bytes (docs/trust.md)
	ENTREPOT_LONG=1 $(GO) test ./internal/same -count=1 -timeout 60m -v

soak: ## an hour of a class that pesters the page's server (SOAK=...), then every scenario on many seeds, the books of every week checked (SEEDS=...)
	scripts/soak.sh $(or $(SEEDS),20) $(or $(SOAK),1h)

cover: ## share of statements of the model and the studies that short tests reach
	$(GO) test -short -cover ./sim ./agents ./scenarios ./experiment/...

mutate: ## change `sim` in 300 places, one at a time, and count the changes that its short tests see (some half hour)
	$(GO) run ./internal/mutate -package sim -sample 300 -floor 85

readers: ## read our Parquet files with pandas, Polars and R, as far as they are installed (docs/formats.md)
	$(GO) test -tags readers -run OtherReaders -count=1 -v ./cmd/entrepot

golden: ## write the hashes of all scenarios' results again (with a line in CHANGELOG.md, if they moved)
	$(GO) test ./scenarios -run Golden -update -count=1

draws: ## live the lessons under twenty seeds again and write web/lessons/pairs (after a change of results, then make docs)
	$(GO) test ./web/lessons -run 'Pairs$$' -renew -count=1 -timeout 30m

docs: ## write the generated documents and the picture of the README again
	$(GO) run ./cmd/entrepot docs
	$(GO) run ./cmd/entrepot run offensive --quiet --force --out runs/readme >/dev/null
	cp runs/readme/plots/prices-ak.svg docs/img/prices.svg

words: ## set the French of words/fr as French is set (spaces, apostrophes), and part from it what is the same in English
	$(GO) test ./words -run AsFrench -typeset -count=1

needs: ## install or name what tests need beside Go
	scripts/needs.sh

.PHONY: help build wasm site release release-check test race lint bench fuzz mutants conversions same soak cover mutate readers golden draws docs words notices cards needs
