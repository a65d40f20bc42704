/* A static library: the model, its weights, and what of the runtime a library needs. No tool makes
 * it, and the weights are streamed. */
#include "archive.h"
#include "linking.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The runtime's members: the run loop, the pool, the look at the CPU. */
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
        bool ok = linking_write_bytes(out, pieces[i].bytes, pieces[i].size) &&
                  (m[i].raw ? linking_write_weights(l, out)
                            : linking_write_bytes(out, m[i].bytes, m[i].size));
        if (!ok)
            return false;
    }
    return linking_write_bytes(out, pieces[NMEMBERS].bytes, pieces[NMEMBERS].size);
}

static bool write_library(Link *l, const char *archive, size_t size) {
    ElfRoom room = linking_weights(l, LINKING_SECTION);
    ElfRaw raw = elf_raw(l->arena, l->machine, &room);
    ArchiveMember m[NMEMBERS] = {
        [MODEL] = {.name = "model.o", .bytes = l->object->bytes, .size = l->object->size},
        [WEIGHTS] = {.name = "weights.o", .raw = &raw, .raw_symbol = room.symbol},
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
    return ok || linking_cannot_write(l, l->options->path);
}

bool library_make(Link *l) {
    struct stat st;
    int fd = open(l->runtime, O_RDONLY | O_CLOEXEC);
    void *archive = fd < 0 || fstat(fd, &st) || st.st_size == 0
                        ? MAP_FAILED
                        : mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (fd >= 0)
        close(fd);
    if (archive == MAP_FAILED)
        return diag_file_error(l->diag, DIAG_runtime_missing, l->runtime, "%s", strerror(errno));
    bool ok = linking_weights_fit(l) && write_library(l, archive, (size_t)st.st_size);
    munmap(archive, (size_t)st.st_size);
    return ok;
}
