# The doors. `make demo` and `make test` do all their own set-up on a fresh Debian 12.
.PHONY: help packages build debug demo test bench format format-check accept asan check-deep clean

JOBS ?= $(shell nproc)
CTEST = ctest --output-on-failure --no-tests=error

help: ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 22

packages: ## install the Debian packages that are missing
	@tools/install_packages.sh

build: packages ## the release binary, build/release/swamp
	@cmake --preset release >/dev/null
	@ninja -C build/release -j $(JOBS) --quiet swamp

debug: packages
	@cmake --preset debug >/dev/null
	@ninja -C build/debug -j $(JOBS) --quiet

demo: build ## run the main job on real input: a report on this repository
	@examples/demo.sh

test: debug ## every test
	@$(CTEST) --test-dir build/debug -j $(JOBS)

accept: debug ## rewrite the golden files to what the binary prints now
	@SWAMP_ACCEPT=1 $(CTEST) --test-dir build/debug -L golden

bench: build ## speed, as ratios measured in one run
	@ninja -C build/release -j $(JOBS) --quiet bench
	@bench/run.sh

format: ## format all C++
	@tools/format.sh

format-check:
	@tools/format.sh --check

asan: packages ## the unit tests under address and undefined-behaviour sanitizers
	@cmake --preset asan >/dev/null
	@ninja -C build/asan -j $(JOBS) --quiet unit_tests
	@$(CTEST) --test-dir build/asan -L unit -j $(JOBS)

check-deep: ## tsan, lint, headers, fuzzing, every kill point
	@tools/check_deep.sh

clean:
	@rm -rf build
