/* Results go to a temporary file that takes the final name when it is complete, so that no half
 * file is ever left; what is no regular file (a pipe, a terminal) is written to at the end.
 * SPDX-License-Identifier: 0BSD */
#include "npy.h"
#include "preview.h"
#include "results.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/* The header for as many samples as have been added; its length does not depend on them. */
static int header_for(const Results *r, char buffer[NPY_HEADER_MAX]) {
    int64_t dim[1 + KM_MAX_RANK] = {r->count};
    for (int i = 0; i < r->shape->rank; i++)
        dim[1 + i] = r->shape->dim[i];
    return npy_header(buffer, dim, 1 + r->shape->rank);
}

static bool write_header(Results *r) {
    char buffer[NPY_HEADER_MAX];
    size_t length = (size_t)header_for(r, buffer);
    return fwrite(buffer, 1, length, r->out) == length;
}

static bool cannot_write(const Results *r, Problem *p) {
    return problem(p, "%s: cannot write: %s", r->name, strerror(errno));
}

static ResultsKind kind_for(const RunOptions *o) {
    const char *dot = o->output ? strrchr(o->output, '.') : NULL;
    const char *format = o->output_format ? o->output_format : dot ? dot + 1 : "npy";
    if (!strcasecmp(format, "csv") || !strcasecmp(format, "tsv") || !strcasecmp(format, "txt"))
        return RESULTS_CSV;
    if (!strcasecmp(format, "raw") || !strcasecmp(format, "f32") || !strcasecmp(format, "bin"))
        return RESULTS_RAW;
    return RESULTS_NPY;
}

/* A new file beside the final one, with the rights that a plain open would give it. */
static bool open_temporary(Results *r, Problem *p) {
    size_t size = strlen(r->name) + sizeof ".XXXXXX";
    r->temporary = malloc(size);
    if (!r->temporary)
        return problem(p, "not enough memory");
    snprintf(r->temporary, size, "%s.XXXXXX", r->name);
    int fd = mkstemp(r->temporary);
    if (fd < 0) {
        free(r->temporary);
        r->temporary = NULL;
        return cannot_write(r, p);
    }
    mode_t mask = umask(0);
    umask(mask);
    fchmod(fd, 0666 & ~mask);
    r->out = fdopen(fd, "wb");
    return r->out || cannot_write(r, p);
}

static bool open_pipe(Results *r, bool standard, Problem *p) {
    r->final = standard ? stdout : fopen(r->name, "wb");
    if (!r->final)
        return cannot_write(r, p);
    r->out = open_memstream(&r->buffer, &r->buffered);
    return r->out || cannot_write(r, p);
}

static bool open_file(Results *r, const char *path, Problem *p) {
    struct stat st;
    bool standard = !strcmp(path, "-");
    r->name = standard ? "standard output" : path;
    if (!standard && !stat(path, &st) && S_ISDIR(st.st_mode)) {
        errno = EISDIR;
        return cannot_write(r, p);
    }
    bool plain = !standard && (stat(path, &st) || S_ISREG(st.st_mode));
    if (!(plain ? open_temporary(r, p) : open_pipe(r, standard, p)))
        return false;
    return r->kind != RESULTS_NPY || write_header(r) || cannot_write(r, p);
}

/* Lines on standard output: classes where the output looks like classes, else plain numbers; but
 * nobody wants to see half a million of these go by. */
static bool open_text(Results *r, const RunOptions *o, bool pictures, Problem *p) {
    bool classes = r->shape->rank == 1 && r->numel > 1;
    r->name = "standard output";
    r->out = stdout;
    r->top = o->top ? o->top : classes && (pictures || o->labels) ? 1 : 0;
    if (o->output_format && !r->top)
        return open_file(r, "-", p);
    bool abbreviate = preview_wanted(r->numel) && isatty(STDOUT_FILENO);
    r->kind = r->top ? RESULTS_TOP : abbreviate ? RESULTS_PREVIEW : RESULTS_CSV;
    char text[SHAPE_TEXT];
    if (r->top && r->shape->rank != 1)
        return problem(p, "--top needs one row of outputs, but the model's output is %s",
                       shape_text(r->shape, text));
    return labels_read(&r->labels, r->top ? o->labels : NULL, r->numel, p);
}

bool results_open(Results *r, const km_shape *shape, const RunOptions *o, bool pictures,
                  Problem *p) {
    *r = (Results){.shape = shape, .numel = shape_count(shape), .kind = kind_for(o)};
    return o->output ? open_file(r, o->output, p) : open_text(r, o, pictures, p);
}

static void print_row(const Results *r, const float *values) {
    for (int64_t i = 0; i < r->numel; i++)
        fprintf(r->out, "%s%.9g", i ? "," : "", (double)values[i]);
    putc('\n', r->out);
}

bool results_add(Results *r, const float *values, int64_t count, char *const *names, Problem *p) {
    if (r->kind == RESULTS_NPY || r->kind == RESULTS_RAW)
        fwrite(values, sizeof *values, (size_t)(count * r->numel), r->out);
    for (int64_t i = 0; i < count && r->kind == RESULTS_CSV; i++)
        print_row(r, values + i * r->numel);
    for (int64_t i = 0; i < count && r->kind == RESULTS_PREVIEW; i++)
        preview_print(r->shape, values + i * r->numel, r->out);
    for (int64_t i = 0; i < count && r->kind == RESULTS_TOP; i++) {
        fputs(names[i], r->out);
        labels_print_top(&r->labels, values + i * r->numel, r->numel, r->top, r->out);
        putc('\n', r->out);
    }
    r->count += count;
    return !ferror(r->out) || cannot_write(r, p);
}

/* The header again, now that the count is known. */
static bool rewrite_header(Results *r) {
    if (r->kind != RESULTS_NPY)
        return true;
    if (!r->final)
        return !fseek(r->out, 0, SEEK_SET) && write_header(r) && !fflush(r->out);
    char header[NPY_HEADER_MAX];
    size_t length = (size_t)header_for(r, header);
    memcpy(r->buffer, header, length);
    return true;
}

static bool complete(Results *r) {
    if (fflush(r->out) || !rewrite_header(r))
        return false;
    return !r->final ||
           (fwrite(r->buffer, 1, r->buffered, r->final) == r->buffered && !fflush(r->final));
}

/* How to see what a preview left out. */
static void say_where_the_rest_is(const Results *r) {
    char text[SHAPE_TEXT];
    fprintf(stderr,
            "abbreviated: the output is %s, %" PRId64 " numbers a sample; all of them: --output "
            "FILE.npy, or a pipe\n",
            shape_text(r->shape, text), r->numel);
}

bool results_finish(Results *r, Problem *p) {
    bool ok = complete(r) || cannot_write(r, p);
    if (ok && r->kind == RESULTS_PREVIEW && r->count)
        say_where_the_rest_is(r);
    if (ok && r->temporary && rename(r->temporary, r->name))
        ok = cannot_write(r, p);
    if (ok && r->temporary) {
        free(r->temporary);
        r->temporary = NULL;
    }
    results_abandon(r);
    return ok;
}

void results_abandon(Results *r) {
    if (r->out && r->out != stdout)
        fclose(r->out);
    if (r->final && r->final != stdout)
        fclose(r->final);
    if (r->temporary)
        unlink(r->temporary);
    free(r->temporary);
    free(r->buffer);
    labels_release(&r->labels);
    *r = (Results){0};
}
