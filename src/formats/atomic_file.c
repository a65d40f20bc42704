/* Files that appear complete or not at all. */
#include "atomic_file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool cannot_write(const char *path, int why, Diag *d) {
    return diag_file_error(d, DIAG_cannot_write_file, path, "cannot write this file: %s",
                           strerror(why));
}

bool atomic_open(AtomicFile *f, Arena *a, const char *path, Diag *d) {
    struct stat st;
    if (!stat(path, &st) &&
        !S_ISREG(st.st_mode)) /* the name of a device would go to the new file */
        return diag_file_error(d, DIAG_cannot_write_file, path,
                               "there is something here that is no regular file");
    const char *temporary = arena_printf(a, "%s.%ld.tmp", path, (long)getpid());
    *f = (AtomicFile){.path = path, .temporary = temporary};
    f->out = fopen(temporary, "wbx"); /* x: fail rather than share a file with somebody else */
    return f->out || cannot_write(path, errno, d);
}

bool atomic_commit(AtomicFile *f, Diag *d) {
    int why = 0;
    if (ferror(f->out) || fflush(f->out))
        why = errno;
    if (fclose(f->out) && !why)
        why = errno;
    if (!why && rename(f->temporary, f->path))
        why = errno;
    if (!why)
        return true;
    unlink(f->temporary);
    return cannot_write(f->path, why, d);
}

void atomic_abort(AtomicFile *f) {
    fclose(f->out);
    unlink(f->temporary);
}

bool atomic_fail(AtomicFile *f, int why, Diag *d) {
    atomic_abort(f);
    return cannot_write(f->path, why, d);
}
