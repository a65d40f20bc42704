# kmodel. `make demo` and `make test` do everything on a machine with git, make and a C compiler; see README.md.
#
#   make            build/kmodel
#   make SAN=1      the same with AddressSanitizer and UBSan, in build/san
#   make setup      dependencies, once: packages by apt, real Keras into .setup/venv
#   make install PREFIX=...

PREFIX ?= /usr/local
LLVM_CONFIG ?= llvm-config-19
CLANG_FORMAT ?= clang-format-19
BISON ?= bison
FLEX ?= flex

BUILD := build$(if $(SAN),/san)
comma := ,
OPT := $(if $(SAN),-O1 -fsanitize=address$(comma)undefined -fno-sanitize-recover=all -fno-omit-frame-pointer,-O2)
WARN := -Wall -Wextra -Werror -std=c17
CPPFLAGS := -D_GNU_SOURCE -Isrc -Iruntime -I$(BUILD)/gen
CFLAGS = $(OPT) -g $(WARN)
LLVM_CFLAGS = $(shell $(LLVM_CONFIG) --cflags | sed 's/-std=[^ ]*//;s/-I/-isystem /g')
LIBS = $(shell $(LLVM_CONFIG) --ldflags --libs) -lcjson -lz -lm -lpthread
# kmodel itself holds LLVM: loading libLLVM.so takes ten times as long as checking a model.
STATIC_LIBS = -no-pie -Wl,--gc-sections $(shell $(LLVM_CONFIG) --ldflags --link-static --libs x86 aarch64 passes orcjit) \
              -lcjson -lz -lzstd -lstdc++ -lm -lpthread

SOURCES := $(wildcard src/*.c src/*/*.c)
RUNTIME := $(wildcard runtime/*.c)
UNITS := $(wildcard tests/unit/*.c)
HARNESS := $(wildcard tests/harness/*.c)
GENERATED := $(BUILD)/gen/parser.c $(BUILD)/gen/lexer.c $(BUILD)/gen/pages.c
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o) $(GENERATED:.c=.o)
# What the tests link: all but the command line.
LIBRARY := $(filter-out $(BUILD)/src/main.o $(BUILD)/src/cli/%,$(OBJECTS))
RUNTIME_OBJECTS := $(RUNTIME:%.c=$(BUILD)/%.o)
UNIT_OBJECTS := $(UNITS:%.c=$(BUILD)/%.o)
HARNESS_OBJECTS := $(HARNESS:%.c=$(BUILD)/%.o)

PYTHON := .setup/venv/bin/python

# One short line for each file; `make V=1` shows the commands.
say = $(if $(V),,@printf '  %-5s %s\n' $1 $@;)

.DELETE_ON_ERROR:
.PHONY: all
all: $(BUILD)/kmodel $(BUILD)/libkmruntime.a

$(BUILD)/kmodel: $(OBJECTS) $(BUILD)/libkmruntime.a
	$(call say,LINK)$(CC) $(OPT) -o $@ $(OBJECTS) $(BUILD)/libkmruntime.a $(if $(SAN),$(LIBS),$(STATIC_LIBS))

$(BUILD)/libkmruntime.a: $(RUNTIME_OBJECTS)
	$(call say,AR)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/unit: $(LIBRARY) $(UNIT_OBJECTS) $(HARNESS_OBJECTS) $(BUILD)/libkmruntime.a
	$(call say,LINK)$(CC) $(OPT) -o $@ $(filter-out %.a,$^) -lcriterion $(BUILD)/libkmruntime.a $(LIBS)

$(BUILD)/src/%.o: src/%.c | $(GENERATED)
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/src/codegen/%.o: CPPFLAGS += $(LLVM_CFLAGS)

# The worst error of every elementary function: docs/numerics.md. ULP="--all exp" for every float.
.PHONY: ulp
ulp: $(BUILD)/ulp
	$(BUILD)/ulp $(ULP)

$(BUILD)/ulp: $(BUILD)/tests/ulp.o $(HARNESS_OBJECTS) $(LIBRARY) $(BUILD)/libkmruntime.a
	$(call say,LINK)$(CC) $(OPT) -o $@ $^ $(LIBS)

# Single kernels against the FMA peak of one core: make bench-kernels [CPU=x86-64-v3]
.PHONY: bench-kernels
bench-kernels: $(BUILD)/bench-kernels
	$(BUILD)/bench-kernels $(or $(CPU),native)

# No microkernel's inner loop touches the stack.
.PHONY: spills
spills: $(BUILD)/bench-kernels
	tests/spills.sh $(BUILD)/bench-kernels

$(BUILD)/bench-kernels: $(BUILD)/bench/kernels.o $(HARNESS_OBJECTS) $(LIBRARY) $(BUILD)/libkmruntime.a
	$(CC) $(OPT) -o $@ $^ $(LIBS)

$(BUILD)/bench/%.o: bench/%.c | $(GENERATED)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(LLVM_CFLAGS) -Itests $(CFLAGS) -MMD -MP -c -o $@ $<

# docs/layers.md, out of the tables of the layers.
.PHONY: docs
docs: $(BUILD)/layers
	$(BUILD)/layers > docs/layers.md

$(BUILD)/layers: $(BUILD)/docs/layers.o $(LIBRARY) $(BUILD)/libkmruntime.a
	$(CC) $(OPT) -o $@ $^ $(LIBS)

$(BUILD)/docs/%.o: docs/%.c | $(GENERATED)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# What real Keras computed, against the interpreter and against compiled code (tests/keras/README.md).
$(BUILD)/conformance: $(BUILD)/tests/conformance.o $(LIBRARY) $(BUILD)/libkmruntime.a
	$(CC) $(OPT) -o $@ $^ $(LIBS)

.PHONY: fixtures
fixtures: $(BUILD)/conformance
	$(BUILD)/conformance tests/keras/fixtures

# The same with fixtures made anew by real Keras.
.PHONY: conformance
conformance: $(BUILD)/conformance .setup/test
	cd tests/keras && ../../$(PYTHON) conformance.py fixtures
	$(BUILD)/conformance tests/keras/fixtures

$(BUILD)/tests/%.o: CPPFLAGS += -Itests $(LLVM_CFLAGS)
$(BUILD)/tests/%.o: tests/%.c | $(GENERATED)
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# The runtime goes into users' binaries: small, and for the oldest CPU.
$(BUILD)/runtime/%.o: runtime/%.c
	@mkdir -p $(@D)
	$(call say,CC)$(CC) -D_GNU_SOURCE $(CFLAGS) $(if $(SAN),,-Os) -ffunction-sections -fdata-sections -fPIC -MMD -MP -c -o $@ $<

$(BUILD)/gen/%.o: $(BUILD)/gen/%.c
	$(call say,CC)$(CC) $(CPPFLAGS) -Igrammar $(CFLAGS) -Wno-unused-function -Wno-unused-but-set-variable -c -o $@ $<

$(BUILD)/gen/parser.c: grammar/kmodel.y
	@mkdir -p $(@D)
	$(call say,BISON)$(BISON) -Wall -Werror -Wno-yacc --defines=$(BUILD)/gen/parser.h -o $@ $<

$(BUILD)/gen/lexer.c: grammar/kmodel.l $(BUILD)/gen/parser.c
	@mkdir -p $(@D)
	$(call say,FLEX)$(FLEX) --header-file=$(BUILD)/gen/lexer.h -o $@ $<

# The pages of `kmodel explain`, as C strings.
$(BUILD)/gen/pages.c: $(wildcard docs/diagnostics/*.md) docs/embed.awk
	@mkdir -p $(@D)
	$(call say,AWK)awk -f docs/embed.awk $(sort $(wildcard docs/diagnostics/*.md)) > $@

# --- set-up: each stamp is made once ---------------------------------------------------------------------------------------
.PHONY: setup
setup: .setup/build .setup/test

.setup/build: packages.txt setup.sh
	./setup.sh packages.txt
	@mkdir -p $(@D) && touch $@

.setup/test: .setup/build tests/packages.txt tests/keras/requirements.txt
	./setup.sh tests/packages.txt
	python3 -m venv .setup/venv
	$(PYTHON) -m pip install --quiet --disable-pip-version-check -r tests/keras/requirements.txt
	@touch $@

.setup/bench: .setup/test bench/requirements.txt
	$(PYTHON) -m pip install --quiet --disable-pip-version-check -r bench/requirements.txt
	@touch $@

# --- the demonstration: a trained network, compiled, reads twenty handwritten digits -----------------------------------------
.PHONY: demo
demo: .setup/build
	@$(MAKE) --no-print-directory -j$$(nproc) all
	@mkdir -p build/demo
	build/kmodel build examples/mnist/mnist.keras -o build/demo/mnist
	build/demo/mnist --input examples/mnist/digits
	build/demo/mnist --input examples/mnist/digits/7a.png --bench

.PHONY: install
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/kmodel $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 $(BUILD)/kmodel $(DESTDIR)$(PREFIX)/bin/kmodel
	install -m 644 $(BUILD)/libkmruntime.a runtime/km.h $(DESTDIR)$(PREFIX)/lib/kmodel/
	install -m 644 docs/kmodel.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -Dm 644 docs/completion/kmodel.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/kmodel
	install -Dm 644 docs/completion/_kmodel $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_kmodel

# --- tests -----------------------------------------------------------------------------------------------------------------
# The layering, by greps: only codegen/ sees LLVM; nothing after check sees the Ast; a layer sees layer.h alone;
# formats/ never see the back end.
.PHONY: layers
layers:
	! grep -ln 'llvm-c/' $(filter-out src/codegen/%,$(SOURCES)) $(wildcard src/*.h)
	! grep -ln '"ast.h"' src/lower.c src/op*.c src/fold*.c src/fuse*.c src/plan*.c src/codegen/*.c src/formats/*.c
	! grep -n '#include "' src/layers/*.c | grep -v '"\(../\)\?layer.h"'
	! grep -ln '"../plan.h"\|codegen.h' src/formats/*.c

# The longest files and functions: look, do not obey.
.PHONY: size
size:
	@wc -l $(SOURCES) $(RUNTIME) grammar/* | sort -n | tail -n 15

# Every .kmodel that compiles also runs under real Keras, prints the same and has an equal summary.
.PHONY: examples-in-keras
examples-in-keras: all .setup/test
	$(PYTHON) tests/keras/examples.py $(BUILD)/kmodel examples tests

# Real Keras 3 and Keras 2 save models of every layer; kmodel reads them, and all agree on summary and predictions.
.PHONY: saved-models
saved-models: all .setup/test
	$(PYTHON) tests/keras/formats.py $(BUILD)/kmodel

# All 10,000 MNIST test images through the binary and through Keras.
.PHONY: accuracy
accuracy: all .setup/test
	examples/mnist/fetch.sh build/mnist
	$(BUILD)/kmodel build examples/mnist/mnist.kmodel -o build/mnist/mnist
	$(PYTHON) examples/mnist/accuracy.py build/mnist/mnist build/mnist

.PHONY: bench
bench: all .setup/bench
	$(PYTHON) bench/bench.py $(ARGS)

.PHONY: unit
unit: $(BUILD)/unit
	$(BUILD)/unit

# What kmodel prints, file by file. golden-update rewrites what is expected: read the difference. T=tests/golden/bad: only these.
.PHONY: golden golden-update
golden: all
	KMODEL=$(BUILD)/kmodel tests/golden/run.sh $(T)
golden-update: all
	KMODEL=$(BUILD)/kmodel tests/golden/run.sh --update $(T)

# Random programs and models: the parser and the evaluator against Python's, summaries against Keras's.
.PHONY: differential
differential: all .setup/test
	$(PYTHON) -W ignore tests/keras/parse_diff.py $(BUILD)/kmodel
	$(PYTHON) tests/keras/eval_diff.py --kmodel $(BUILD)/kmodel
	$(PYTHON) tests/keras/summary_diff.py $(BUILD)/kmodel

# The runtime by itself, and what kmodel builds with it, from the outside.
.PHONY: runtime-tests
runtime-tests: all .setup/test
	tests/runtime/hand.sh $(PYTHON)
	CC="$(CC)$(if $(SAN), -fsanitize=address$(comma)undefined)" tests/runtime/built.sh $(BUILD)/kmodel

# Each tests/fuzz/X_fuzz.c for FUZZ_SECONDS, from the seeds in tests/fuzz/corpus/X. New inputs stay in build/fuzz.
FUZZ_SECONDS ?= 20
FUZZERS := $(patsubst tests/fuzz/%_fuzz.c,%,$(wildcard tests/fuzz/*_fuzz.c))
SANITIZE := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all
.PHONY: fuzz
fuzz:
	$(MAKE) BUILD=build/fuzz CC=clang-19 OPT="$(SANITIZE) -fsanitize=fuzzer-no-link" $(FUZZERS:%=fuzz-%)

.PRECIOUS: $(BUILD)/tests/%.o $(BUILD)/%_fuzz
fuzz-%: $(BUILD)/%_fuzz
	@mkdir -p $(BUILD)/found/$*
	$< -max_total_time=$(FUZZ_SECONDS) -timeout=60 -rss_limit_mb=3000 -max_len=40000 -verbosity=0 -print_final_stats=1 \
	  -artifact_prefix=$(BUILD)/$*- $(BUILD)/found/$* $(wildcard tests/fuzz/corpus/$*)

$(BUILD)/%_fuzz: $(BUILD)/tests/fuzz/%_fuzz.o $(LIBRARY)
	$(call say,LINK)$(CC) $(SANITIZE) -fsanitize=fuzzer -o $@ $^ $(LIBS)

.PHONY: format
format:
	$(CLANG_FORMAT) -i $(wildcard src/*.[ch] src/*/*.[ch] runtime/*.[ch] tests/*/*.[ch])

.PHONY: clean
clean:
	rm -rf build

-include $(BUILD)/tests/conformance.d $(BUILD)/docs/layers.d $(OBJECTS:.o=.d) $(RUNTIME_OBJECTS:.o=.d) $(UNIT_OBJECTS:.o=.d) $(HARNESS_OBJECTS:.o=.d)
