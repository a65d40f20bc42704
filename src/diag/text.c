/* Diagnostics for people: the layout that diag.h shows. */
#include "diag_internal.h"
#include "parse/utf8.h"

#include <string.h>

enum {
    GUTTER_MIN = 2,   /* width of the line numbers */
    SHOWN_MAX = 160,  /* characters shown of a longer line */
    LEFT_CONTEXT = 40 /* of these, how many before the carets */
};

typedef struct Colors {
    const char *error, *warning, *gutter, *strong, *off;
} Colors;

static const Colors colorful = {"\033[1;31m", "\033[1;33m", "\033[1;34m", "\033[1m", "\033[0m"};
static const Colors plain = {"", "", "", "", ""};

typedef struct Page {
    FILE *out;
    const Colors *colors;
    const Source *source;
    int gutter;
    uint32_t line; /* shown last: a second mark on the same line does not repeat it */
} Page;

static int digits(uint32_t n) {
    int count = 1;
    while (n /= 10)
        count++;
    return count;
}

static uint32_t line_of(const Source *source, Span span) {
    return source ? source_position(source, span.begin).line : 0;
}

static int gutter_width(const Diagnostic *g) {
    uint32_t largest = line_of(g->source, g->span);
    for (size_t i = 0; i < g->notes.count; i++) {
        uint32_t line = line_of(g->notes.at[i].source, g->notes.at[i].span);
        largest = line > largest ? line : largest;
    }
    return digits(largest) > GUTTER_MIN ? digits(largest) : GUTTER_MIN;
}

/* What would move the cursor or is no character is shown as U+FFFD; tabs are left alone. */
static void put_char(const char *text, size_t len, uint32_t c, FILE *out) {
    if ((c < 0x20 && c != '\t') || c == 0x7F || (c >= 0x80 && c < 0xA0) || c == 0xFFFD)
        fputs("\xEF\xBF\xBD", out);
    else
        fwrite(text, 1, len, out);
}

static void repeat(char c, uint32_t n, FILE *out) {
    while (n-- > 0)
        fputc(c, out);
}

/* Writes characters [from, to) of a line, or with `blank` as many blanks, tabs kept. Columns are
 * zero-based here. */
static void put_columns(const char *text, size_t len, uint32_t from, uint32_t to, bool blank,
                        FILE *out) {
    uint32_t column = 0, c;
    for (size_t i = 0, n; i < len && column < to; i += n, column++) {
        n = utf8_decode(text + i, len - i, &c);
        if (column < from)
            continue;
        if (blank)
            fputc(c == '\t' ? '\t' : ' ', out);
        else
            put_char(text + i, n, c, out);
    }
}

static uint32_t count_columns(const char *text, size_t len) {
    uint32_t columns = 0, c;
    for (size_t i = 0; i < len; columns++)
        i += utf8_decode(text + i, len - i, &c);
    return columns;
}

static void put_gutter(const Page *p, uint32_t line) {
    if (line)
        fprintf(p->out, "%s%*u |%s", p->colors->gutter, p->gutter, line, p->colors->off);
    else
        fprintf(p->out, "%s%*s |%s", p->colors->gutter, p->gutter, "", p->colors->off);
}

static void end_line(const Page *p, const char *text) {
    if (text && *text)
        fprintf(p->out, " %s", text);
    fprintf(p->out, "%s\n", p->colors->off);
}

/* The line of the span's beginning, with marks under it; of a span over several lines, up to the
 * end of the first. */
static void put_snippet(Page *p, Span span, char mark, const char *color, const char *label) {
    uint32_t line = source_position(p->source, span.begin).line;
    size_t len;
    const char *text = source_line(p->source, line, &len);
    size_t offset = span.begin - p->source->lines[line - 1];
    size_t end = span.end < span.begin ? offset : offset + (span.end - span.begin);
    offset = offset < len ? offset : len;
    end = end < len ? end : len;
    uint32_t total = count_columns(text, len), column = count_columns(text, offset);
    uint32_t marks = count_columns(text + offset, end - offset);
    uint32_t from = total > SHOWN_MAX && column > LEFT_CONTEXT ? column - LEFT_CONTEXT : 0;
    uint32_t to = total - from > SHOWN_MAX ? from + SHOWN_MAX : total;
    marks = column + marks > to ? to - column : marks;

    if (line != p->line) {
        put_gutter(p, 0);
        fputc('\n', p->out);
        put_gutter(p, line);
        if (total > 0)
            fputs(from ? " ..." : " ", p->out);
        put_columns(text, len, from, to, false, p->out);
        fputs(to < total ? "...\n" : "\n", p->out);
    }
    p->line = line;
    put_gutter(p, 0);
    fputs(from ? "    " : " ", p->out);
    put_columns(text, len, from, column, true, p->out);
    fputs(color, p->out);
    repeat(mark, marks ? marks : 1, p->out);
    end_line(p, label);
}

static void put_footer(const Page *p, const char *kind, const char *text) {
    fprintf(p->out, "%s%*s =%s %s%s:%s %s\n", p->colors->gutter, p->gutter, "", p->colors->off,
            p->colors->strong, kind, p->colors->off, text);
}

static void put_arrow(const Page *p) {
    fprintf(p->out, "%s%*s-->%s ", p->colors->gutter, p->gutter, "", p->colors->off);
}

/* The place, and the text there; without the place if it is the text shown last. */
static void put_place(Page *p, const Source *source, Span span, char mark, const char *color,
                      const char *label) {
    if (source != p->source) {
        Position at = source_position(source, span.begin);
        put_arrow(p);
        fprintf(p->out, "%s:%u:%u\n", source->path, at.line, at.column);
        p->source = source;
        p->line = 0;
    }
    put_snippet(p, span, mark, color, label);
}

void diag_print_text(const Diagnostic *g, bool color, FILE *out) {
    const Colors *colors = color ? &colorful : &plain;
    Page p = {.out = out, .colors = colors, .gutter = gutter_width(g)};
    const char *own = g->is_error ? colors->error : colors->warning;
    fprintf(out, "%s%s[KM%04d]%s%s: %s%s\n", own, g->is_error ? "error" : "warning", (int)g->code,
            colors->off, colors->strong, g->message, colors->off);
    if (g->path) {
        put_arrow(&p);
        fprintf(out, g->what ? "%s: %s\n" : "%s\n", g->path, g->what);
    }
    if (g->source)
        put_place(&p, g->source, g->span, '^', own, g->label);
    for (size_t i = 0; i < g->notes.count; i++) {
        const DiagNote *note = &g->notes.at[i];
        if (note->source)
            put_place(&p, note->source, note->span, '-', colors->gutter, note->text);
    }
    if (!g->source && g->label)
        put_footer(&p, "note", g->label);
    for (size_t i = 0; i < g->notes.count; i++)
        if (!g->notes.at[i].source)
            put_footer(&p, "note", g->notes.at[i].text);
    for (size_t i = 0; i < g->helps.count; i++)
        put_footer(&p, "help", g->helps.at[i]);
}
