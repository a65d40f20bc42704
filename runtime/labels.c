/* The greatest outputs, by name. SPDX-License-Identifier: 0BSD */
#include "labels.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Cuts text into lines in place; returns how many there are, of which `most` are kept. */
static int64_t cut_lines(char *text, char **lines, int64_t most) {
    int64_t n = 0;
    for (char *at = text, *next; *at; at = next, n++) {
        size_t length = strcspn(at, "\n");
        next = at + length + (at[length] == '\n');
        at[length] = '\0';
        if (length && at[length - 1] == '\r')
            at[length - 1] = '\0';
        if (n < most)
            lines[n] = at;
    }
    return n;
}

bool labels_read(Labels *l, const char *path, int64_t count, Problem *p) {
    Bytes file;
    *l = (Labels){0};
    if (!path)
        return true;
    if (!bytes_open(&file, path, p))
        return false;
    l->text = calloc(file.size + 1, 1);
    l->lines = malloc((size_t)count * sizeof *l->lines + 1);
    bool room = l->text && l->lines;
    if (room && file.size)
        memcpy(l->text, file.at, file.size);
    bytes_close(&file);
    int64_t found = room ? cut_lines(l->text, l->lines, count) : 0;
    if (found == count)
        return true;
    labels_release(l);
    return problem(p, "%s: expected %" PRId64 " labels, one on a line, found %" PRId64, path, count,
                   found);
}

void labels_release(Labels *l) {
    free(l->text);
    free(l->lines);
    *l = (Labels){0};
}

/* NaN counts as the greatest of all, as in NumPy: a broken network shows. */
static bool is_greater(float a, float b) {
    return a > b || (a != a && b == b);
}

/* Does i come after j in descending order? */
static bool comes_after(const float *values, int64_t i, int64_t j) {
    return is_greater(values[j], values[i]) || (!is_greater(values[i], values[j]) && i > j);
}

void labels_print_top(const Labels *l, const float *values, int64_t count, int k, FILE *out) {
    int64_t last = -1;
    for (int rank = 0; rank < k && rank < count; rank++) {
        int64_t best = -1;
        for (int64_t i = 0; i < count; i++)
            if ((last < 0 || comes_after(values, i, last)) &&
                (best < 0 || comes_after(values, best, i)))
                best = i;
        if (l->text)
            fprintf(out, "\t%s\t%.6g", l->lines[best], (double)values[best]);
        else
            fprintf(out, "\t%" PRId64 "\t%.6g", best, (double)values[best]);
        last = best;
    }
}
