/* The text of one file and its line map. Places are byte offsets; lines exist only when printing.
 */
#ifndef SOURCE_H
#define SOURCE_H

#include "arena.h"

#include <stdbool.h>
#include <stdint.h>

/* Bytes [begin, end) of the source text. */
typedef struct Span {
    uint32_t begin, end;
} Span;

#define SPAN_NONE ((Span){UINT32_MAX, UINT32_MAX}) /* for what no source text stands behind */

static inline bool span_is_none(Span s) {
    return s.begin == UINT32_MAX;
}

static inline Span span_join(Span a, Span b) {
    return span_is_none(a) ? b : span_is_none(b) ? a : (Span){a.begin, b.end};
}

typedef struct Source {
    const char *path; /* as the user wrote it; what diagnostics show */
    const char *text; /* NUL-terminated */
    uint32_t len;     /* without the NUL */
    uint32_t *lines;  /* offset at which each line begins */
    uint32_t nlines;
} Source;

/* One-based, as editors count. Columns count UTF-8 characters. */
typedef struct Position {
    uint32_t line, column;
} Position;

/* The text is copied, without a byte order mark. Texts of 2 GiB and more are refused: NULL. */
Source *source_from_text(Arena *a, const char *path, const char *text, size_t len);

Position source_position(const Source *s, uint32_t offset);

/* The line (one-based) without its line break; *len receives its length in bytes. */
const char *source_line(const Source *s, uint32_t line, size_t *len);

#endif
