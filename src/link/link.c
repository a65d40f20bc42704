/* Linking: in a private folder, each kind of output is made of the model's object, its weights and
 * the runtime; what is complete is renamed into place. */
#include "linking.h"
#include "path.h"
#include "weights_stream.h"

#include "km.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

enum { WEIGHTS_MOST_MIB = 1536 }; /* amid other data */

bool linking_cannot_write(const Link *l, const char *path) {
    return diag_file_error(l->diag, DIAG_cannot_write_output, path, "%s", strerror(errno));
}

bool linking_make_file(Link *l, const WorkDir *dir, const char *name, LinkWriter *write,
                       const char *path) {
    FILE *out = fopen(workdir_file(l->arena, dir, name), "wb");
    bool ok = out && write(l, out) && !fflush(out);
    int error = errno;
    if (out)
        fclose(out);
    errno = error;
    return ok || linking_cannot_write(l, path);
}

bool linking_write_bytes(FILE *out, const void *bytes, size_t size) {
    return fwrite(bytes, 1, size, out) == size;
}

ElfRoom linking_weights(const Link *l, const char *section) {
    return (ElfRoom){section, arena_printf(l->arena, "%s_weights", l->options->symbol),
                     (uint64_t)l->plan->weights_bytes};
}

bool linking_write_weights(Link *l, FILE *out) {
    ElfRoom room = linking_weights(l, LINKING_SECTION);
    ElfRaw raw = elf_raw(l->arena, l->machine, &room);
    return linking_write_bytes(out, raw.head, raw.head_size) &&
           weights_stream(l->plan, out, NULL) && linking_write_bytes(out, raw.tail, raw.tail_size);
}

bool linking_weights_fit(const Link *l) {
    if (l->plan->weights_bytes >> 20 <= WEIGHTS_MOST_MIB)
        return true;
    diag_error(l->diag, DIAG_weights_too_large, SPAN_NONE,
               "the weights are %lld MiB; %s can carry %d MiB",
               (long long)(l->plan->weights_bytes >> 20),
               l->options->kind == LINK_STATIC   ? "a static library"
               : l->options->kind == LINK_OBJECT ? "an object"
                                                 : "what this linker makes",
               WEIGHTS_MOST_MIB);
    diag_help(l->diag, l->options->kind == LINK_EXE
                           ? "--weights-file FILE leaves them in a file beside the executable"
                           : "--emit shared, linked by GNU ld or lld, has no such limit");
    return false;
}

/* The side file. The header is written again once the id is known. */
static bool write_weights_file(Link *l, FILE *out) {
    static const char zeros[KM_PAGE];
    km_weights_header header = {KM_WEIGHTS_MAGIC, (uint64_t)l->plan->weights_bytes, 0};
    if (!linking_write_bytes(out, zeros, sizeof zeros) || !weights_stream(l->plan, out, &header.id))
        return false;
    l->weights_id = header.id;
    return !fseek(out, 0, SEEK_SET) && linking_write_bytes(out, &header, sizeof header);
}

static bool write_header(Link *l, FILE *out) {
    header_write(l->plan, l->options->symbol, out);
    return !ferror(out);
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

static bool make_output(Link *l) {
    const LinkOptions *o = l->options;
    return (!o->weights_file ||
            linking_make_file(l, &l->side, "weights", write_weights_file, o->weights_file)) &&
           (!o->header || linking_make_file(l, &l->dir, "header", write_header, o->header)) &&
           (o->kind == LINK_STATIC ? library_make(l) : driver_make(l));
}

/* The output last: when it is there, all is. */
static bool publish(Link *l) {
    const LinkOptions *o = l->options;
    return (!o->weights_file ||
            workdir_publish(l->arena, &l->side, "weights", o->weights_file, l->diag)) &&
           (!o->header || workdir_publish(l->arena, &l->dir, "header", o->header, l->diag)) &&
           workdir_publish(l->arena, &l->dir, "output", o->path, l->diag);
}

static bool may_link(Link *l) {
    const LinkOptions *o = l->options;
    if (o->weights_file && o->kind != LINK_EXE)
        return diag_error(l->diag, DIAG_weights_file_needs_exe, SPAN_NONE,
                          "only executables can have their weights in a side file");
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
    bool ok = !options->weights_file || workdir_open(a, &l.side, options->weights_file, d);
    ok = ok && make_output(&l) && publish(&l);
    if (l.side.path)
        workdir_close(a, &l.side);
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
