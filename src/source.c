/* The line map: where every line begins, found once; positions are found in it by bisection. */
#include "source.h"

#include <string.h>

/* Python's line breaks: \n, \r\n, and \r alone. Gives the offset behind the one at i. */
static uint32_t after_break(const char *text, uint32_t i) {
    return text[i] == '\r' && text[i + 1] == '\n' ? i + 2 : i + 1;
}

static bool is_break(char c) {
    return c == '\n' || c == '\r';
}

/* The byte order mark that some editors begin UTF-8 with: to Python it is no part of the text. */
enum { MARK_LEN = 3 };

static bool has_mark(const char *text, size_t len) {
    return len >= MARK_LEN && memcmp(text, "\xEF\xBB\xBF", MARK_LEN) == 0;
}

Source *source_from_text(Arena *a, const char *path, const char *text, size_t len) {
    if (len > INT32_MAX)
        return NULL;
    if (has_mark(text, len)) {
        text += MARK_LEN;
        len -= MARK_LEN;
    }
    Source *s = arena_alloc(a, sizeof *s);
    s->path = arena_strdup(a, path);
    s->text = arena_strndup(a, text, len);
    s->len = (uint32_t)len;
    Vec(uint32_t) lines = {0};
    vec_push(a, &lines, 0);
    for (uint32_t i = 0; i < s->len;) {
        if (is_break(s->text[i])) {
            i = after_break(s->text, i);
            vec_push(a, &lines, i);
        } else {
            i++;
        }
    }
    s->lines = lines.at;
    s->nlines = (uint32_t)lines.count;
    return s;
}

/* Index of the last line that begins at or before offset. */
static uint32_t line_index(const Source *s, uint32_t offset) {
    uint32_t low = 0, high = s->nlines;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (s->lines[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

Position source_position(const Source *s, uint32_t offset) {
    if (offset > s->len)
        offset = s->len;
    uint32_t line = line_index(s, offset), column = 1;
    for (uint32_t i = s->lines[line]; i < offset; i++)
        column += ((unsigned char)s->text[i] & 0xC0) != 0x80; /* not a UTF-8 continuation */
    return (Position){line + 1, column};
}

const char *source_line(const Source *s, uint32_t line, size_t *len) {
    uint32_t begin = s->lines[line - 1], end = begin;
    while (end < s->len && !is_break(s->text[end]))
        end++;
    *len = end - begin;
    return s->text + begin;
}
