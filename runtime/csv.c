/* .csv: a line is a sample, its numbers in C order, separated by commas, semicolons or blanks. A
 * first line that does not begin with a number is a heading. SPDX-License-Identifier: 0BSD */
#include "samples.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct Reader {
    const Bytes *file;
    const char *at, *end;
    int64_t line, numel;
} Reader;

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

static bool is_separator(char c) {
    return c == ',' || c == ';';
}

static void skip_blanks(Reader *r) {
    while (r->at < r->end && is_blank(*r->at))
        r->at++;
}

static void skip_line(Reader *r) {
    const char *newline = memchr(r->at, '\n', (size_t)(r->end - r->at));
    r->at = newline ? newline + 1 : r->end;
    r->line++;
}

/* The file is not NUL-terminated, so a number is copied before strtof sees it. */
static bool take_number(Reader *r, float *value) {
    char text[64], *stop;
    size_t n = 0;
    while (r->at + n < r->end && n < sizeof text - 1 && !is_blank(r->at[n]) &&
           !is_separator(r->at[n]) && r->at[n] != '\n')
        n++;
    memcpy(text, r->at, n);
    text[n] = '\0';
    *value = strtof(text, &stop);
    if (n == 0 || *stop)
        return false;
    r->at += n;
    return true;
}

static bool bad_number(Reader *r, Problem *p) {
    size_t n = 0;
    while (n < 20 && r->at + n < r->end && (unsigned char)r->at[n] > ' ' && !is_separator(r->at[n]))
        n++;
    return problem(p, "%s:%" PRId64 ": expected a number, found '%.*s'", r->file->name, r->line,
                   (int)n, r->at);
}

/* One line, which is not empty. */
static bool read_row(Reader *r, float *values, Problem *p) {
    int64_t n = 0;
    float value;
    for (;; n++) {
        if (!take_number(r, &value))
            return bad_number(r, p);
        if (n < r->numel)
            values[n] = value;
        skip_blanks(r);
        if (r->at < r->end && is_separator(*r->at))
            r->at++;
        skip_blanks(r);
        if (r->at == r->end || *r->at == '\n')
            break;
    }
    n++;
    if (n != r->numel)
        return problem(p, "%s:%" PRId64 ": expected %" PRId64 " numbers, found %" PRId64,
                       r->file->name, r->line, r->numel, n);
    skip_line(r);
    return true;
}

static int64_t count_lines(const Reader *r) {
    int64_t lines = 1;
    for (const char *at = r->at; (at = memchr(at, '\n', (size_t)(r->end - at))); at++)
        lines++;
    return lines;
}

static void skip_heading(Reader *r) {
    Reader ahead = *r;
    float ignored;
    skip_blanks(&ahead);
    if (ahead.at < ahead.end && *ahead.at != '\n' && !take_number(&ahead, &ignored))
        skip_line(r);
}

static bool read_rows(Reader *r, Samples *s, Problem *p) {
    skip_heading(r);
    for (;;) {
        skip_blanks(r);
        if (r->at == r->end)
            break;
        if (*r->at == '\n') {
            skip_line(r);
            continue;
        }
        if (!read_row(r, s->owned + s->count * r->numel, p))
            return false;
        s->count++;
    }
    return s->count || problem(p, "%s: expected lines of %" PRId64 " numbers, found none",
                               r->file->name, r->numel);
}

bool csv_samples(const Bytes *file, const km_shape *shape, Samples *s, Problem *p) {
    Reader r = {file, file->at, file->at + file->size, 1, shape_count(shape)};
    size_t bytes;
    *s = (Samples){0};
    /* A number takes at least two bytes: a file of empty lines is no memory bomb. */
    int64_t row_bytes = r.numel ? 2 * r.numel : 1, most = (int64_t)file->size / row_bytes + 2;
    int64_t lines = count_lines(&r), rows = lines < most ? lines : most;
    if (__builtin_mul_overflow((size_t)(rows * r.numel), sizeof(float), &bytes) ||
        !(s->owned = malloc(bytes)))
        return problem(p, "%s: not enough memory for %" PRId64 " samples", file->name, rows);
    s->values = s->owned;
    if (read_rows(&r, s, p))
        return true;
    samples_release(s);
    return false;
}
