/* Running the system's compiler driver. */
#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

void tool_cc(Arena *a, Words *command) {
    const char *cc = getenv("CC");
    for (const char *at = cc && *cc ? cc : "cc"; *at;) {
        size_t len = strcspn(at, " \t");
        if (len)
            vec_push(a, command, arena_strndup(a, at, len));
        at += len + strspn(at + len, " \t");
    }
}

bool tool_exists(Arena *a, const char *name) {
    const char *path = getenv("PATH");
    for (const char *at = path ? path : ""; *at;) {
        size_t len = strcspn(at, ":");
        if (!access(arena_printf(a, "%.*s/%s", (int)len, at, name), X_OK))
            return true;
        at += len + (at[len] == ':');
    }
    return false;
}

/* The exit status; 127 if the program is not there, -1 if it could not be started or was killed. */
static int spawn(const WorkDir *w, char *const *argv, const char *log) {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    pid_t pid;
    int status;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, log, O_WRONLY | O_CREAT | O_TRUNC,
                                     0600);
    posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigmask(&attributes, &w->blocked);
    int error = posix_spawnp(&pid, argv[0], &files, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    if (error)
        return error == ENOENT ? 127 : -1;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The first lines of what the tool said. */
static const char *read_log(Arena *a, const char *path) {
    enum { MOST = 2000 };
    char *text = arena_alloc(a, MOST + 1);
    FILE *f = fopen(path, "r");
    size_t n = f ? fread(text, 1, MOST, f) : 0;
    if (f)
        fclose(f);
    while (n && text[n - 1] == '\n')
        text[--n] = '\0';
    return text;
}

bool tool_run(Arena *a, const WorkDir *w, const Words *command, Diag *d) {
    char **argv = arena_array(a, command->count + 1, sizeof *argv);
    for (size_t i = 0; i < command->count; i++)
        argv[i] = arena_strdup(a, command->at[i]);
    const char *log = workdir_file(a, w, "log");
    int status = spawn(w, argv, log);
    if (status == 0)
        return true;
    if (status == 127) {
        diag_error(d, DIAG_linker_missing, SPAN_NONE, "'%s' is not there", argv[0]);
        diag_help(d, "install a C compiler (on Debian: apt install gcc), or set CC");
        diag_help(d, "--emit lib needs none");
        return false;
    }
    diag_error(d, DIAG_linker_failed, SPAN_NONE, "'%s' could not link", argv[0]);
    const char *text = read_log(a, log);
    if (*text)
        diag_note(d, SPAN_NONE, "%s", text);
    return false;
}
