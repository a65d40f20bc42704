/* Linking: a private folder gets model.o (LLVM's), weights.o (ours), and for an executable
 * binary.o, its options; the system's compiler driver joins them with the runtime. Static
 * libraries need no tool at all. */
#include "link.h"
#include "archive.h"
#include "tool.h"
#include "weights_stream.h"

#include "km.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WEIGHTS_MOST_MIB = 1536 };

typedef struct Link {
    Arena *arena;
    const Plan *plan;
    const CodegenResult *object;
    const LinkOptions *options;
    Diag *diag;
    WorkDir dir;
    ElfMachine machine;
    const char *runtime; /* libkmruntime.a */
    uint64_t weights_id;
} Link;

static bool cannot_write(const Link *l, const char *path) {
    return diag_file_error(l->diag, DIAG_cannot_write_output, path, "%s", strerror(errno));
}

/* Writes a file of the private folder by `write`; path is what messages are about. */
typedef bool Writer(Link *l, FILE *out);
static bool make_file(Link *l, const char *name, Writer *write) {
    FILE *out = fopen(workdir_file(l->arena, &l->dir, name), "wb");
    bool ok = out && write(l, out) && !fflush(out);
    int error = errno;
    if (out)
        fclose(out);
    errno = error;
    return ok || cannot_write(l, l->options->path);
}

static bool write_bytes(FILE *out, const void *bytes, size_t size) {
    return fwrite(bytes, 1, size, out) == size;
}

static bool write_model(Link *l, FILE *out) {
    return write_bytes(out, l->object->bytes, l->object->size);
}

static const char *weights_symbol(const Link *l) {
    return arena_printf(l->arena, "%s_weights", l->options->symbol);
}

static ElfRaw weights_object(const Link *l) {
    return elf_raw(l->arena, l->machine, ".rodata.km_weights", weights_symbol(l),
                   (uint64_t)l->plan->weights_bytes);
}

static bool write_weights_object(Link *l, FILE *out) {
    ElfRaw raw = weights_object(l);
    return write_bytes(out, raw.head, raw.head_size) && weights_stream(l->plan, out, NULL) &&
           write_bytes(out, raw.tail, raw.tail_size);
}

/* The side file. The header is written again once the id is known. */
static bool write_weights_file(Link *l, FILE *out) {
    static const char zeros[KM_PAGE];
    km_weights_header header = {KM_WEIGHTS_MAGIC, (uint64_t)l->plan->weights_bytes, 0};
    if (!write_bytes(out, zeros, sizeof zeros) || !weights_stream(l->plan, out, &header.id))
        return false;
    l->weights_id = header.id;
    return !fseek(out, 0, SEEK_SET) && write_bytes(out, &header, sizeof header);
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
    ElfRaw raw =
        elf_raw(l->arena, l->machine, ".rodata.km_binary", "km_binary_options", sizeof options);
    return write_bytes(out, raw.head, raw.head_size) &&
           write_bytes(out, &options, sizeof options) && write_bytes(out, raw.tail, raw.tail_size);
}

static bool write_header(Link *l, FILE *out) {
    header_write(l->plan, l->options->symbol, out);
    return !ferror(out);
}

/* What a shared library shows: the functions of its header. */
static bool write_exports(Link *l, FILE *out) {
    return fprintf(out, "{ global: %s_*; local: *; };\n", l->options->symbol) > 0;
}

static void add_file(Link *l, Words *command, const char *name) {
    vec_push(l->arena, command, workdir_file(l->arena, &l->dir, name));
}

/* The driver's command line, up to what depends on the kind. */
static Words begin_command(Link *l) {
    Words command = {0};
    tool_cc(l->arena, &command);
    if (tool_exists(l->arena, "ld.lld")) /* twice as fast where the weights are large */
        vec_push(l->arena, &command, "-fuse-ld=lld");
    vec_push(l->arena, &command, "-o");
    add_file(l, &command, "output");
    add_file(l, &command, "model.o");
    if (!l->options->weights_file)
        add_file(l, &command, "weights.o");
    return command;
}

static void end_command(Link *l, Words *command) {
    vec_push(l->arena, command, l->runtime);
    vec_push(l->arena, command, "-pthread");
    vec_push(l->arena, command, "-Wl,--gc-sections,--strip-debug,-z,noexecstack,--build-id=none");
}

static bool make_executable(Link *l) {
    if (!make_file(l, "binary.o", write_binary_options))
        return false;
    Words command = begin_command(l);
    add_file(l, &command, "binary.o");
    vec_push(l->arena, &command,
             arena_printf(l->arena, "-Wl,--defsym=km_binary_model=%s_model", l->options->symbol));
    end_command(l, &command);
    return tool_run(l->arena, &l->dir, &command, l->diag);
}

static bool make_shared(Link *l) {
    if (!make_file(l, "exports", write_exports))
        return false;
    Words command = begin_command(l);
    vec_push(l->arena, &command, "-shared");
    vec_push(l->arena, &command,
             arena_printf(l->arena, "-Wl,-soname,%s", path_name(l->options->path)));
    vec_push(l->arena, &command,
             arena_printf(l->arena, "-Wl,--version-script=%s",
                          workdir_file(l->arena, &l->dir, "exports")));
    end_command(l, &command);
    return tool_run(l->arena, &l->dir, &command, l->diag);
}

static bool make_object(Link *l) {
    Words command = begin_command(l);
    vec_push(l->arena, &command, "-r");
    vec_push(l->arena, &command, "-nostdlib");
    return tool_run(l->arena, &l->dir, &command, l->diag);
}

/* The runtime's members that a library needs: the run loop, the pool, the look at the CPU. */
enum { MODEL, WEIGHTS, RUN, POOL, CPU, NMEMBERS };

static bool find_members(Link *l, const char *archive, size_t size, ArchiveMember *m) {
    static const char *const names[] = {[RUN] = "run.o", [POOL] = "pool.o", [CPU] = "cpu.o"};
    for (int i = RUN; i <= CPU; i++) {
        ArchivePiece object;
        if (!archive_find(archive, size, names[i], &object))
            return diag_file_error(l->diag, DIAG_runtime_missing, l->runtime, "it has no %s",
                                   names[i]);
        m[i] = (ArchiveMember){.name = names[i], .bytes = object.bytes, .size = object.size};
    }
    return true;
}

static bool write_members(Link *l, const ArchiveMember *m, const ArchivePiece *pieces, FILE *out) {
    for (int i = 0; i < NMEMBERS; i++) {
        bool ok =
            write_bytes(out, pieces[i].bytes, pieces[i].size) &&
            (m[i].raw ? write_weights_object(l, out) : write_bytes(out, m[i].bytes, m[i].size));
        if (!ok)
            return false;
    }
    return write_bytes(out, pieces[NMEMBERS].bytes, pieces[NMEMBERS].size);
}

static bool write_library(Link *l, const char *archive, size_t size) {
    ElfRaw raw = weights_object(l);
    ArchiveMember m[NMEMBERS] = {
        [MODEL] = {.name = "model.o", .bytes = l->object->bytes, .size = l->object->size},
        [WEIGHTS] = {.name = "weights.o", .raw = &raw, .raw_symbol = weights_symbol(l)},
    };
    ArchivePiece pieces[NMEMBERS + 1];
    if (!find_members(l, archive, size, m))
        return false;
    if (!archive_layout(l->arena, m, NMEMBERS, pieces))
        return diag_file_error(l->diag, DIAG_runtime_missing, l->runtime, "it is damaged");
    FILE *out = fopen(workdir_file(l->arena, &l->dir, "output"), "wb");
    bool ok = out && write_members(l, m, pieces, out) && !fflush(out);
    int error = errno;
    if (out)
        fclose(out);
    errno = error;
    return ok || cannot_write(l, l->options->path);
}

static bool make_library(Link *l) {
    struct stat st;
    int fd = open(l->runtime, O_RDONLY | O_CLOEXEC);
    void *archive = fd < 0 || fstat(fd, &st) || st.st_size == 0
                        ? MAP_FAILED
                        : mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (fd >= 0)
        close(fd);
    if (archive == MAP_FAILED)
        return diag_file_error(l->diag, DIAG_runtime_missing, l->runtime, "%s", strerror(errno));
    bool ok = write_library(l, archive, (size_t)st.st_size);
    munmap(archive, (size_t)st.st_size);
    return ok;
}

/* Beside kmodel in a build folder; in ../lib/kmodel where it is installed. */
static bool find_runtime(Link *l) {
    static const char *const places[] = {"", "../lib/kmodel/"};
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n < 0 ? 0 : n] = '\0';
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        l->runtime =
            arena_printf(l->arena, "%s/%slibkmruntime.a", path_folder(l->arena, self), places[i]);
        if (!access(l->runtime, R_OK))
            return true;
    }
    diag_error(l->diag, DIAG_runtime_missing, SPAN_NONE, "libkmruntime.a is not there");
    diag_help(l->diag, "kmodel looks for it beside itself and in ../lib/kmodel: make install");
    return false;
}

static bool make_weights(Link *l) {
    if (l->options->weights_file)
        return make_file(l, "weights", write_weights_file);
    if (l->options->kind == LINK_STATIC)
        return true; /* streamed into the archive */
    return make_file(l, "weights.o", write_weights_object);
}

static bool make_output(Link *l) {
    static bool (*const make[])(Link *) = {
        [LINK_EXE] = make_executable,
        [LINK_STATIC] = make_library,
        [LINK_SHARED] = make_shared,
        [LINK_OBJECT] = make_object,
    };
    return make_file(l, "model.o", write_model) && make_weights(l) &&
           (!l->options->header || make_file(l, "header", write_header)) &&
           make[l->options->kind](l);
}

/* The output last: when it is there, all is. */
static bool publish(Link *l) {
    const LinkOptions *o = l->options;
    return (!o->weights_file ||
            workdir_publish(l->arena, &l->dir, "weights", o->weights_file, l->diag)) &&
           (!o->header || workdir_publish(l->arena, &l->dir, "header", o->header, l->diag)) &&
           workdir_publish(l->arena, &l->dir, "output", o->path, l->diag);
}

static bool may_link(Link *l) {
    const LinkOptions *o = l->options;
    if (o->weights_file && o->kind != LINK_EXE)
        return diag_error(l->diag, DIAG_weights_file_needs_exe, SPAN_NONE,
                          "only executables can have their weights in a side file");
    if (!o->weights_file && l->plan->weights_bytes >> 20 > WEIGHTS_MOST_MIB) {
        diag_error(l->diag, DIAG_weights_too_large, SPAN_NONE,
                   "the weights are %lld MiB; a binary can carry %d MiB",
                   (long long)(l->plan->weights_bytes >> 20), WEIGHTS_MOST_MIB);
        diag_help(l->diag, "--weights-file FILE leaves them in a file beside an executable");
        return false;
    }
    if (!elf_machine(l->object->bytes, l->object->size, &l->machine) ||
        l->machine.machine != elf_host_machine()) {
        diag_error(l->diag, DIAG_foreign_target, SPAN_NONE,
                   "the target is another kind of machine than this one, whose linker and runtime "
                   "do not fit");
        diag_help(l->diag, "--emit asm and --emit llvm work for every target");
        return false;
    }
    return true;
}

bool link_output(Arena *a, const Plan *p, const CodegenResult *object, const LinkOptions *options,
                 Diag *d) {
    Link l = {.arena = a, .plan = p, .object = object, .options = options, .diag = d};
    if (!may_link(&l) || !find_runtime(&l) || !workdir_open(a, &l.dir, options->path, d))
        return false;
    bool ok = make_output(&l) && publish(&l);
    workdir_close(a, &l.dir);
    return ok;
}

const char *link_symbol(Arena *a, const char *path) {
    const char *name = path_name(path);
    size_t len = strcspn(name, ".");
    bool digit = len > 0 && isdigit((unsigned char)*name);
    char *symbol = arena_printf(a, "%s%.*s", digit ? "m" : "", (int)len, name);
    for (char *c = symbol; *c; c++)
        if (!isalnum((unsigned char)*c))
            *c = '_';
    return *symbol ? symbol : "model";
}
