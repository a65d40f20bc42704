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
    if (command->count == 0) /* nothing but blanks */
        vec_push(a, command, "cc");
}

/* As waitpid has it. *error: why it could not be started; 0. */
static int spawn(const WorkDir *w, char *const *argv, const char *log, int *error) {
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
    *error = posix_spawnp(&pid, argv[0], &files, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    if (*error)
        return -1;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return status;
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
    int error, status = spawn(w, argv, log, &error);
    if (status == 0 || !d)
        return status == 0;
    if (error) {
        if (error == ENOENT)
            diag_error(d, DIAG_linker_missing, SPAN_NONE, "'%s' is not there", argv[0]);
        else
            diag_error(d, DIAG_linker_missing, SPAN_NONE, "'%s' cannot be run: %s", argv[0],
                       strerror(error));
        diag_help(d, "install a C compiler (on Debian: apt install gcc), or set CC");
        diag_help(d, "--emit lib needs none");
        return false;
    }
    diag_error(d, DIAG_linker_failed, SPAN_NONE, "'%s' could not link", argv[0]);
    const char *text = read_log(a, log);
    if (*text)
        diag_note(d, SPAN_NONE, "%s", text);
    else if (WIFEXITED(status))
        diag_note(d, SPAN_NONE, "it ended with %d and said nothing", WEXITSTATUS(status));
    else
        diag_note(d, SPAN_NONE, "it was killed by signal %d", WTERMSIG(status));
    return false;
}
