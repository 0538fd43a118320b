# Every target works from a clean clone. The work is done by CMake and by scripts/.
JOBS ?= $(shell nproc)
CONFIG ?= config/gateway.json
TESTS ?=
FUZZ_SECONDS ?= 15
PEER ?=

RELEASE := build/release
ASAN := build/asan
FUZZ := build/fuzz

.PHONY: help run build test asan fuzz lint format bench bench-quick overload soak deps clean

help: ## Says what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Builds the gateway and starts it with $(CONFIG)
	@exec $(RELEASE)/llm-gateway serve --config $(CONFIG)

build: ## Builds build/release/llm-gateway
	@scripts/install-deps build
	@cmake --preset release > /dev/null
	@cmake --build $(RELEASE) --parallel $(JOBS) --target llm-gateway

test: ## Builds and runs the tests; TESTS=regex picks some
	@scripts/install-deps build test
	@cmake --preset release -DGATEWAY_TESTS=ON > /dev/null
	@cmake --build $(RELEASE) --parallel $(JOBS) --target tests
	@ctest --preset release --parallel $(JOBS) $(if $(TESTS),--tests-regex '$(TESTS)')

asan: ## Runs the tests under the address and undefined behaviour sanitizers
	@scripts/install-deps build test
	@cmake --preset asan > /dev/null
	@cmake --build $(ASAN) --parallel $(JOBS) --target tests
	@ctest --preset asan --parallel $(JOBS) $(if $(TESTS),--tests-regex '$(TESTS)')

fuzz: ## Fuzzes what reads the bytes of strangers, each fuzzer for FUZZ_SECONDS
	@scripts/install-deps build fuzz
	@cmake --preset fuzz > /dev/null
	@cmake --build $(FUZZ) --parallel $(JOBS) --target fuzzers
	@tests/fuzz/run $(FUZZ) $(FUZZ_SECONDS)

lint: ## Checks format, include directions, file lengths and clang-tidy; LINT_BASE=revision checks what changed
	@scripts/install-deps build test lint
	@cmake --preset release -DGATEWAY_TESTS=ON > /dev/null
	@scripts/lint

format: ## Formats every source
	@scripts/install-deps lint
	@git ls-files --cached --others --exclude-standard '*.cpp' '*.hpp' | xargs -r clang-format -i

bench: ## Measures the gateway against nginx; PEER=portkey adds another gateway
	@scripts/install-deps build bench
	@cmake --preset release -DGATEWAY_BENCH=ON > /dev/null
	@cmake --build $(RELEASE) --parallel $(JOBS) --target llm-gateway benchmarks
	@bench/run $(addprefix --peer ,$(PEER))

bench-quick: ## Whether the benchmark works and its figures can be true, in under a minute
	@scripts/install-deps build bench
	@cmake --preset release -DGATEWAY_BENCH=ON > /dev/null
	@cmake --build $(RELEASE) --parallel $(JOBS) --target llm-gateway load_tools
	@bench/run --quick

overload: build ## Puts the gateway under far more than it may take, and checks its bounds
	@bench/overload

soak: build ## Puts the gateway under mixed load with faults for SOAK_MINUTES (20), and checks that nothing grows
	@bench/soak

deps: ## Installs the Debian packages that are missing
	@scripts/install-deps build test fuzz lint bench

clean: ## Removes what was built
	@rm -rf build
