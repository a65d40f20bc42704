# kmodel. `make demo` and `make test` do everything on a machine with git, make and a C compiler; see README.md.
#
#   make            build/kmodel
#   make SAN=1      the same with AddressSanitizer and UBSan, in build/san
#   make setup      dependencies, once: packages by apt, real Keras into .setup/venv
#   make install PREFIX=...
#
# Tests are in tests/tests.mk, measurements in bench/bench.mk.

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
GENERATED := $(BUILD)/gen/parser.c $(BUILD)/gen/lexer.c $(BUILD)/gen/pages.c
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o) $(GENERATED:.c=.o)
# What the tests link: all but the command line.
LIBRARY := $(filter-out $(BUILD)/src/main.o $(BUILD)/src/cli/%,$(OBJECTS))
RUNTIME_OBJECTS := $(RUNTIME:%.c=$(BUILD)/%.o)

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

$(BUILD)/src/%.o: src/%.c | $(GENERATED)
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/src/codegen/%.o: CPPFLAGS += $(LLVM_CFLAGS)

# The runtime goes into users' binaries: small, and for the oldest CPU.
$(BUILD)/runtime/%.o: runtime/%.c
	@mkdir -p $(@D)
	$(call say,CC)$(CC) -D_GNU_SOURCE $(CFLAGS) $(if $(SAN),,-Os) -ffunction-sections -fdata-sections -fPIC -MMD -MP -c -o $@ $<

$(BUILD)/gen/%.o: $(BUILD)/gen/%.c
	$(call say,CC)$(CC) $(CPPFLAGS) -Igrammar $(CFLAGS) -Wno-unused-function -Wno-unused-but-set-variable -MMD -MP -c -o $@ $<

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

# --- upkeep ------------------------------------------------------------------------------------------------------------------
# docs/layers.md, out of the tables of the layers.
.PHONY: docs
docs: $(BUILD)/layers
	$(BUILD)/layers > docs/layers.md

$(BUILD)/layers: $(BUILD)/docs/layers.o $(LIBRARY) $(BUILD)/libkmruntime.a
	$(call say,LINK)$(CC) $(OPT) -o $@ $^ $(LIBS)

$(BUILD)/docs/%.o: docs/%.c | $(GENERATED)
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# The longest files: look, do not obey.
.PHONY: size
size:
	@wc -l $(SOURCES) $(RUNTIME) grammar/* | sort -n | tail -n 15

.PHONY: format
format:
	$(CLANG_FORMAT) -i $(wildcard src/*.[ch] src/*/*.[ch] runtime/*.[ch] tests/*/*.[ch])

.PHONY: clean
clean:
	rm -rf build

include tests/tests.mk bench/bench.mk

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
