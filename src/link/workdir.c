/* The private folder of a link. */
#include "path.h"
#include "workdir.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const int interrupts[] = {SIGINT, SIGTERM, SIGHUP};

static void block_interrupts(sigset_t *before) {
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < COUNT_OF(interrupts); i++)
        sigaddset(&set, interrupts[i]);
    sigprocmask(SIG_BLOCK, &set, before);
}

bool workdir_interrupted(void) {
    sigset_t pending;
    if (sigpending(&pending))
        return false;
    for (size_t i = 0; i < COUNT_OF(interrupts); i++) {
        struct sigaction action; /* what is ignored waits, too, while it is blocked */
        if (sigismember(&pending, interrupts[i]) == 1 && !sigaction(interrupts[i], NULL, &action) &&
            action.sa_handler != SIG_IGN)
            return true;
    }
    return false;
}

static bool no_folder(const char *folder, const char *output, int error, Diag *d) {
    if (error == ENOENT && access(folder, F_OK)) /* mkdir says the same in /proc */
        return diag_file_error(d, DIAG_cannot_write_output, output,
                               "the folder '%s' does not exist", folder);
    if (error == ENOTDIR)
        return diag_file_error(d, DIAG_cannot_write_output, output, "'%s' is not a folder", folder);
    return diag_file_error(d, DIAG_cannot_write_output, output,
                           "cannot write in the folder '%s': %s", folder, strerror(error));
}

bool workdir_open(Arena *a, WorkDir *w, const char *output, Diag *d) {
    const char *folder = path_folder(a, output);
    char *path = arena_printf(a, "%s/.kmodel-XXXXXX", folder);
    block_interrupts(&w->blocked);
    w->path = mkdtemp(path);
    if (w->path)
        return true;
    int error = errno;
    sigprocmask(SIG_SETMASK, &w->blocked, NULL);
    return no_folder(folder, output, error, d);
}

void workdir_close(Arena *a, WorkDir *w) {
    DIR *dir = opendir(w->path);
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
            unlink(workdir_file(a, w, entry->d_name));
    if (dir)
        closedir(dir);
    rmdir(w->path);
    sigprocmask(SIG_SETMASK, &w->blocked, NULL);
}

const char *workdir_file(Arena *a, const WorkDir *w, const char *name) {
    return arena_printf(a, "%s/%s", w->path, name);
}

bool workdir_publish(Arena *a, const WorkDir *w, const char *name, const char *path, Diag *d) {
    struct stat st;
    if (!stat(path, &st) && !S_ISREG(st.st_mode))
        return diag_file_error(d, DIAG_cannot_write_output, path,
                               "there is something here that is no regular file");
    return !rename(workdir_file(a, w, name), path) ||
           diag_file_error(d, DIAG_cannot_write_output, path, "%s", strerror(errno));
}
