# Tests. `make test` is everything that runs in CI; each part is a target of its own, and takes SAN=1.

# A machine's first run sets up; then everything is built by all cores before anything is tested.
.PHONY: test
test: .setup/test
	@$(MAKE) --no-print-directory -j$$(nproc) all $(BUILD)/unit $(BUILD)/conformance $(BUILD)/bench-kernels
	@$(MAKE) --no-print-directory layers layers-page unit golden runtime-tests fixtures spills
	@$(MAKE) --no-print-directory examples-in-keras differential saved-models
	@$(MAKE) --no-print-directory SAN=1 -j$$(nproc) all build/san/unit build/san/conformance
	@$(MAKE) --no-print-directory SAN=1 unit golden runtime-tests fixtures
	@$(MAKE) --no-print-directory fuzz FUZZ_SECONDS=5
	@echo "kmodel: all tests passed"

UNIT_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/unit/*.c))
HARNESS_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/harness/*.c))
TESTED := $(LIBRARY) $(BUILD)/libkmruntime.a

$(BUILD)/tests/%.o: CPPFLAGS += -Itests $(LLVM_CFLAGS)
$(BUILD)/tests/%.o: tests/%.c | $(GENERATED)
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# --- by themselves ---
.PHONY: unit
unit: $(BUILD)/unit
	$(BUILD)/unit

# Criterion comes before the runtime, whose main() is that of built binaries.
$(BUILD)/unit: $(UNIT_OBJECTS) $(HARNESS_OBJECTS) $(TESTED)
	$(call say,LINK)$(CC) $(OPT) -o $@ $(filter-out %.a,$^) -lcriterion $(filter %.a,$^) $(LIBS)

# The layering, by greps: only codegen/ sees LLVM; nothing after check sees the Ast; a layer sees layer.h alone;
# formats/ never see the back end. The template of a layer compiles.
.PHONY: layers
layers:
	@! grep -ln 'llvm-c/' $(filter-out src/codegen/%,$(SOURCES)) $(wildcard src/*.h)
	@! grep -ln '\bast\.h"' src/lower.c src/op*.c $(wildcard src/fold/*.c src/plan/*.c src/interp/*.c src/codegen/*.c src/link/*.c) $(wildcard src/formats/*.c)
	@! grep -n '#include "' src/layers/*.c | grep -v '"\(../\)\?layer.h"'
	@! grep -ln '\bplan\.h"\|codegen.h' $(wildcard src/formats/*.c)
	@$(CC) $(CPPFLAGS) $(WARN) -fsyntax-only -x c src/layers/TEMPLATE

# docs/layers.md is what the tables of the layers say.
.PHONY: layers-page
layers-page: $(BUILD)/layers
	@$(BUILD)/layers | diff -u docs/layers.md - || { echo "docs/layers.md is not current: make docs"; false; }

# What kmodel prints, file by file, and the examples of `kmodel explain`. golden-update rewrites what is expected: read the
# difference. T=tests/golden/bad: only these.
.PHONY: golden golden-update
golden: all
	KMODEL=$(BUILD)/kmodel tests/golden/run.sh $(T)
	KMODEL=$(BUILD)/kmodel tests/golden/pages.sh
	@tests/golden/coverage.sh
golden-update: all
	KMODEL=$(BUILD)/kmodel tests/golden/run.sh --update $(T)

# The runtime by itself, and what kmodel builds with it, from the outside.
.PHONY: runtime-tests
runtime-tests: all .setup/test
	tests/runtime/hand.sh $(CURDIR)/$(PYTHON)
	CC="$(CC)$(if $(SAN), -fsanitize=address$(comma)undefined)" tests/runtime/built.sh $(BUILD)/kmodel
	CC="$(CC)$(if $(SAN), -fsanitize=address$(comma)undefined)" $(PYTHON) tests/runtime/pictures.py $(BUILD)/kmodel
	$(if $(SAN),,$(PYTHON) tests/runtime/tutorial.py $(BUILD)/kmodel)

# No microkernel's inner loop touches the stack.
.PHONY: spills
spills: $(BUILD)/bench-kernels
	tests/spills.sh $(BUILD)/bench-kernels

# --- against real Keras ---
# What real Keras computed, against the interpreter and against compiled code (tests/keras/README.md).
.PHONY: fixtures
fixtures: $(BUILD)/conformance
	$(BUILD)/conformance tests/keras/fixtures

# The same with fixtures made anew by real Keras.
.PHONY: conformance
conformance: $(BUILD)/conformance .setup/test
	cd tests/keras && ../../$(PYTHON) conformance.py fixtures
	$(BUILD)/conformance tests/keras/fixtures

$(BUILD)/conformance: $(BUILD)/tests/conformance.o $(TESTED)
	$(call say,LINK)$(CC) $(OPT) -o $@ $^ $(LIBS)

# Every .kmodel that compiles also runs under real Keras, prints the same and has an equal summary.
.PHONY: examples-in-keras
examples-in-keras: all .setup/test
	$(PYTHON) tests/keras/examples.py $(BUILD)/kmodel examples tests

# Random programs and models: parser and evaluator against Python's, summaries against Keras's.
.PHONY: differential
differential: all .setup/test
	$(PYTHON) -W ignore tests/keras/parse_diff.py $(BUILD)/kmodel
	$(PYTHON) -W ignore tests/keras/eval_diff.py --kmodel $(BUILD)/kmodel
	$(PYTHON) tests/keras/summary_diff.py $(BUILD)/kmodel

# Files that real Keras 3 and Keras 2 save, against what kmodel reads from them.
.PHONY: saved-models
saved-models: all .setup/test
	$(PYTHON) tests/keras/formats.py $(BUILD)/kmodel

# All 10,000 MNIST test images through the binary and through Keras.
.PHONY: accuracy
accuracy: all .setup/test
	examples/mnist/fetch.sh build/mnist
	$(BUILD)/kmodel build examples/mnist/mnist.kmodel -o build/mnist/mnist
	$(PYTHON) examples/mnist/accuracy.py build/mnist/mnist build/mnist

# The worst error of every elementary function: docs/numerics.md. ULP="--every 1 exp" for every float.
.PHONY: ulp
ulp: $(BUILD)/ulp
	$(BUILD)/ulp $(ULP)

$(BUILD)/ulp: $(BUILD)/tests/ulp.o $(HARNESS_OBJECTS) $(TESTED)
	$(call say,LINK)$(CC) $(OPT) -o $@ $^ $(LIBS)

# --- fuzzing ---
# Each tests/fuzz/X_fuzz.c for FUZZ_SECONDS, from the seeds in tests/fuzz/corpus/X. New inputs stay in build/fuzz.
FUZZ_SECONDS ?= 20
FUZZERS := $(patsubst tests/fuzz/%_fuzz.c,%,$(wildcard tests/fuzz/*_fuzz.c))
SANITIZE := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all
.PHONY: fuzz
fuzz: .setup/test
	@$(MAKE) --no-print-directory -j$$(nproc) BUILD=build/fuzz CC=clang-19 OPT="$(SANITIZE) -fsanitize=fuzzer-no-link" \
	  SAN= FUZZ_SECONDS=$(FUZZ_SECONDS) $(FUZZERS:%=fuzz-%)

.PRECIOUS: $(BUILD)/tests/%.o $(BUILD)/%_fuzz
fuzz-%: $(BUILD)/%_fuzz
	@tests/fuzz/run.sh $* $(BUILD) $(FUZZ_SECONDS)

$(BUILD)/%_fuzz: $(BUILD)/tests/fuzz/%_fuzz.o $(LIBRARY)
	$(call say,LINK)$(CC) $(SANITIZE) -fsanitize=fuzzer -o $@ $^ $(LIBS)
