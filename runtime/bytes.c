/* Files are mapped, pipes are read to their end. SPDX-License-Identifier: 0BSD */
#include "bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static bool read_all(Bytes *b, int fd, Problem *p) {
    size_t capacity = 0;
    char *buffer = NULL;
    for (;;) {
        if (b->size == capacity) {
            capacity = capacity ? 2 * capacity : 1 << 16;
            char *grown = realloc(buffer, capacity);
            if (!grown) {
                free(buffer);
                return problem(p, "%s: not enough memory for more than %zu bytes", b->name,
                               b->size);
            }
            b->at = buffer = grown;
        }
        ssize_t n = read(fd, buffer + b->size, capacity - b->size);
        if (n == 0)
            return true;
        if (n < 0 && errno != EINTR) {
            free(buffer);
            return problem(p, "%s: cannot read: %s", b->name, strerror(errno));
        }
        b->size += n < 0 ? 0 : (size_t)n;
    }
}

static bool fill(Bytes *b, int fd, Problem *p) {
    struct stat st;
    if (fstat(fd, &st))
        return problem(p, "%s: cannot read: %s", b->name, strerror(errno));
    if (!S_ISREG(st.st_mode) || st.st_size == 0) /* files of /proc say that they are empty */
        return read_all(b, fd, p);
    void *at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (at == MAP_FAILED)
        return problem(p, "%s: cannot map: %s", b->name, strerror(errno));
    *b = (Bytes){b->name, at, (size_t)st.st_size, true};
    return true;
}

bool bytes_open(Bytes *b, const char *path, Problem *p) {
    bool standard = !strcmp(path, "-");
    *b = (Bytes){.name = standard ? "standard input" : path};
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return problem(p, "%s: cannot open: %s", path, strerror(errno));
    bool ok = fill(b, fd, p);
    if (!standard)
        close(fd);
    return ok;
}

void bytes_close(Bytes *b) {
    if (b->mapped)
        munmap((void *)b->at, b->size);
    else
        free((void *)b->at);
    b->at = NULL;
}
