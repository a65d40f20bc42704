/* Executables, shared libraries and objects: the system's compiler driver joins model.o (LLVM's),
 * weights.o (ours), the runtime and, for an executable, binary.o, its options.
 *
 * Weights are too large to be written twice. The linker only reserves their range of addresses,
 * behind everything else; the bytes are appended to what it made. A linker that does not follow the
 * script for that (gold, mold) gets an object with all of them. */
#include "elf_fill.h"
#include "linking.h"
#include "path.h"
#include "tool.h"
#include "weights_stream.h"

#include "km.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef enum How { PLAIN, RESERVED } How;
typedef enum Outcome { DONE, FAILED, UNFIT } Outcome;

/* The gap makes a segment of its own of the section: linkers do not bridge a page. */
static const char script[] =
    "SECTIONS {\n"
    "  .km_weights ALIGN(CONSTANT(MAXPAGESIZE)) + CONSTANT(MAXPAGESIZE) : { *(.km_weights) }\n"
    "} INSERT AFTER .bss;\n";

static bool write_script(Link *l, FILE *out) {
    (void)l;
    return fputs(script, out) >= 0;
}

static bool write_model(Link *l, FILE *out) {
    return linking_write_bytes(out, l->object->bytes, l->object->size);
}

/* What is linked further keeps the name that user's linkers know where to put. */
static const char *reserved_section(const Link *l) {
    return l->options->kind == LINK_OBJECT ? LINKING_SECTION : ".km_weights";
}

static bool write_room(Link *l, uint64_t size, FILE *out) {
    ElfRoom room = linking_weights(l, reserved_section(l));
    room.size = size;
    ElfRaw raw = elf_reserve(l->arena, l->machine, &room);
    return linking_write_bytes(out, raw.head, raw.head_size) &&
           linking_write_bytes(out, raw.tail, raw.tail_size);
}

static bool write_reserved(Link *l, FILE *out) {
    return write_room(l, (uint64_t)l->plan->weights_bytes, out);
}

static bool write_little(Link *l, FILE *out) {
    return write_room(l, ELF_PAGE, out);
}

/* How the binary finds its weights: by name alone in its own folder, else by the whole path. */
static const char *weights_path(Link *l) {
    const char *file = l->options->weights_file;
    if (!strcmp(path_folder(l->arena, file), path_folder(l->arena, l->options->path)))
        return path_name(file);
    char *folder = realpath(path_folder(l->arena, file), NULL);
    const char *path = arena_printf(l->arena, "%s/%s", folder ? folder : ".", path_name(file));
    free(folder);
    return path;
}

static bool write_binary_options(Link *l, FILE *out) {
    km_binary options = {.threads = (uint32_t)l->options->threads, .weights_id = l->weights_id};
    if (l->options->weights_file) {
        options.has_weights_file = 1;
        snprintf(options.weights_file, sizeof options.weights_file, "%s", weights_path(l));
    }
    const ElfRoom room = {".rodata.km_binary", "km_binary_options", sizeof options};
    ElfRaw raw = elf_raw(l->arena, l->machine, &room);
    return linking_write_bytes(out, raw.head, raw.head_size) &&
           linking_write_bytes(out, &options, sizeof options) &&
           linking_write_bytes(out, raw.tail, raw.tail_size);
}

/* What a shared library shows: the functions of its header. */
static bool write_exports(Link *l, FILE *out) {
    return fprintf(out, "{ global: %s_*; local: *; };\n", l->options->symbol) > 0;
}

static bool make_file(Link *l, const char *name, LinkWriter *write) {
    return linking_make_file(l, &l->dir, name, write, l->options->path);
}

static bool make_inputs(Link *l) {
    LinkKind kind = l->options->kind;
    return make_file(l, "model.o", write_model) && make_file(l, "script", write_script) &&
           (kind != LINK_EXE || make_file(l, "binary.o", write_binary_options)) &&
           (kind != LINK_SHARED || make_file(l, "exports", write_exports));
}

static void add(Link *l, Words *command, const char *word) {
    vec_push(l->arena, command, word);
}

static void add_file(Link *l, Words *command, const char *name) {
    add(l, command, workdir_file(l->arena, &l->dir, name));
}

/* A word for the linker. -Wl would split it at commas. */
static void add_linker(Link *l, Words *command, const char *word) {
    add(l, command, "-Xlinker");
    add(l, command, word);
}

static void add_executable(Link *l, Words *command) {
    add_file(l, command, "binary.o");
    add_linker(l, command,
               arena_printf(l->arena, "--defsym=km_binary_model=%s_model", l->options->symbol));
}

static void add_shared(Link *l, Words *command) {
    add(l, command, "-shared");
    add_linker(l, command, arena_printf(l->arena, "-soname=%s", path_name(l->options->path)));
    add_linker(
        l, command,
        arena_printf(l->arena, "--version-script=%s", workdir_file(l->arena, &l->dir, "exports")));
}

static void add_runtime(Link *l, Words *command, How how) {
    if (how == RESERVED) {
        add(l, command, "-T");
        add_file(l, command, "script");
    }
    add(l, command, l->runtime);
    add(l, command, "-pthread");
    add(l, command, "-Wl,--gc-sections,--strip-debug,-z,noexecstack,--build-id=none");
}

static bool run_driver(Link *l, How how, Diag *d) {
    Words command = {0};
    tool_cc(l->arena, &command);
    add(l, &command, "-o");
    add_file(l, &command, "output");
    add_file(l, &command, "model.o");
    if (!l->options->weights_file)
        add_file(l, &command, "weights.o");
    if (l->options->kind == LINK_OBJECT) {
        add(l, &command, "-r");
        add(l, &command, "-nostdlib");
    } else {
        (l->options->kind == LINK_EXE ? add_executable : add_shared)(l, &command);
        add_runtime(l, &command, how);
    }
    return tool_run(l->arena, &l->dir, &command, d);
}

static Outcome append_weights(Link *l, FILE *file) {
    ElfFill fill;
    if (!elf_fill_find(file, reserved_section(l), &fill))
        return UNFIT;
    bool ok = !fseeko(file, (off_t)fill.offset, SEEK_SET) && weights_stream(l->plan, file, NULL) &&
              elf_fill_finish(file, &fill) && !fflush(file);
    return ok ? DONE : FAILED;
}

/* After a failure: does the driver link without script and size? If not, it says why. */
static Outcome try_little(Link *l) {
    bool ok = !workdir_interrupted() && make_file(l, "weights.o", write_little) &&
              run_driver(l, PLAIN, l->diag);
    return ok ? UNFIT : FAILED;
}

static Outcome make_reserved(Link *l) {
    if (!make_file(l, "weights.o", write_reserved))
        return FAILED;
    if (!run_driver(l, RESERVED, NULL))
        return try_little(l);
    FILE *file = fopen(workdir_file(l->arena, &l->dir, "output"), "r+b");
    Outcome outcome = file ? append_weights(l, file) : FAILED;
    int error = errno;
    if (file)
        fclose(file);
    errno = error;
    if (outcome == FAILED)
        linking_cannot_write(l, l->options->path);
    return outcome;
}

bool driver_make(Link *l) {
    if (!make_inputs(l))
        return false;
    if (l->options->weights_file)
        return run_driver(l, PLAIN, l->diag);
    if (l->options->kind == LINK_OBJECT && !linking_weights_fit(l))
        return false;
    Outcome outcome = l->plan->weights_bytes > 0 ? make_reserved(l) : UNFIT;
    if (outcome != UNFIT)
        return outcome == DONE;
    return linking_weights_fit(l) && make_file(l, "weights.o", linking_write_weights) &&
           run_driver(l, PLAIN, l->diag);
}
