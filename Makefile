# kmodel. `make demo` and `make test` do everything on a machine with git, make and a C compiler; see README.md.
#
#   make            build/kmodel
#   make SAN=1      the same with AddressSanitizer and UBSan, in build/san
#   make setup      dependencies, once: packages.txt by apt, requirements.txt into .setup/venv

PREFIX ?= /usr/local
LLVM_CONFIG ?= llvm-config-19
CLANG_FORMAT ?= clang-format-19
BISON ?= bison
FLEX ?= flex

BUILD := build$(if $(SAN),/san)
OPT := $(if $(SAN),-O1 -fsanitize=address$(comma)undefined -fno-sanitize-recover=all -fno-omit-frame-pointer,-O2)
comma := ,
WARN := -Wall -Wextra -Werror -std=c17
CPPFLAGS := -D_GNU_SOURCE -Isrc -Iruntime -I$(BUILD)/gen
CFLAGS = $(OPT) -g $(WARN)
LLVM_CFLAGS = $(shell $(LLVM_CONFIG) --cflags | sed 's/-std=[^ ]*//;s/-I/-isystem /g')
LIBS = $(shell $(LLVM_CONFIG) --ldflags --libs) -lcjson -lz -lm -lpthread

SOURCES := $(wildcard src/*.c src/*/*.c)
RUNTIME := $(wildcard runtime/*.c)
UNITS := $(wildcard tests/unit/*.c)
GENERATED := $(BUILD)/gen/parser.c $(BUILD)/gen/lexer.c $(BUILD)/gen/pages.c
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o) $(GENERATED:.c=.o)
LIBRARY := $(filter-out $(BUILD)/src/main.o,$(OBJECTS))
RUNTIME_OBJECTS := $(RUNTIME:%.c=$(BUILD)/%.o)
UNIT_OBJECTS := $(UNITS:%.c=$(BUILD)/%.o)

.DELETE_ON_ERROR:
.PHONY: all clean check format unit
all: $(BUILD)/kmodel $(BUILD)/libkmruntime.a

$(BUILD)/kmodel: $(OBJECTS) $(BUILD)/libkmruntime.a
	$(CC) $(OPT) -o $@ $(OBJECTS) $(BUILD)/libkmruntime.a $(LIBS)

$(BUILD)/libkmruntime.a: $(RUNTIME_OBJECTS)
	rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/unit: $(LIBRARY) $(UNIT_OBJECTS) $(BUILD)/libkmruntime.a
	$(CC) $(OPT) -o $@ $^ -lcriterion $(LIBS)

$(BUILD)/src/%.o: src/%.c | $(GENERATED)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/src/codegen/%.o: CPPFLAGS += $(LLVM_CFLAGS)

$(BUILD)/tests/%.o: tests/%.c | $(GENERATED)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# The runtime goes into users' binaries: small, and for the oldest CPU.
$(BUILD)/runtime/%.o: runtime/%.c
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE $(CFLAGS) $(if $(SAN),,-Os) -ffunction-sections -fdata-sections -fPIC -MMD -MP -c -o $@ $<

$(BUILD)/gen/%.o: $(BUILD)/gen/%.c
	$(CC) $(CPPFLAGS) -Igrammar $(CFLAGS) -Wno-unused-function -c -o $@ $<

$(BUILD)/gen/parser.c: grammar/kmodel.y
	@mkdir -p $(@D)
	$(BISON) -Wall -Werror -Wno-yacc --defines=$(BUILD)/gen/parser.h -o $@ $<

$(BUILD)/gen/lexer.c: grammar/kmodel.l $(BUILD)/gen/parser.c
	@mkdir -p $(@D)
	$(FLEX) --header-file=$(BUILD)/gen/lexer.h -o $@ $<

# The pages of `kmodel explain`, as C strings.
$(BUILD)/gen/pages.c: $(wildcard docs/diagnostics/*.md) docs/embed.awk
	@mkdir -p $(@D)
	awk -f docs/embed.awk $(sort $(wildcard docs/diagnostics/*.md)) > $@

unit: $(BUILD)/unit
	$(BUILD)/unit

format:
	$(CLANG_FORMAT) -i $(wildcard src/*.[ch] src/*/*.[ch] runtime/*.[ch] tests/*/*.[ch])

clean:
	rm -rf build

-include $(OBJECTS:.o=.d) $(RUNTIME_OBJECTS:.o=.d) $(UNIT_OBJECTS:.o=.d)
