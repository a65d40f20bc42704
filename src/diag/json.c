/* Diagnostics for programs: one JSON object a line. */
#include "diag_internal.h"
#include "parse/utf8.h"

#include <string.h>

static void put_string(const char *text, FILE *out) {
    fputc('"', out);
    uint32_t c;
    for (size_t len = strlen(text), i = 0, n; i < len; i += n) {
        n = utf8_decode(text + i, len - i, &c);
        if (c == '"' || c == '\\')
            fprintf(out, "\\%c", (int)c);
        else if (c == '\n')
            fputs("\\n", out);
        else if (c < 0x20 || c == 0xFFFD)
            fprintf(out, "\\u%04x", c);
        else
            fwrite(text + i, 1, n, out);
    }
    fputc('"', out);
}

static void put_position(const Source *s, const char *key, uint32_t offset, FILE *out) {
    Position at = source_position(s, offset);
    fprintf(out, "\"%s\":{\"line\":%u,\"column\":%u,\"offset\":%u}", key, at.line, at.column,
            offset);
}

static void put_range(const Source *s, Span span, FILE *out) {
    fputs(",\"range\":{", out);
    put_position(s, "start", span.begin, out);
    fputc(',', out);
    put_position(s, "end", span.end, out);
    fputc('}', out);
}

static void put_notes(const Diagnostic *g, FILE *out) {
    fputs(",\"notes\":[", out);
    for (size_t i = 0; i < g->notes.count; i++) {
        const DiagNote *note = &g->notes.at[i];
        fputs(i ? ",{\"message\":" : "{\"message\":", out);
        put_string(note->text, out);
        if (note->source) {
            fputs(",\"file\":", out);
            put_string(note->source->path, out);
            put_range(note->source, note->span, out);
        }
        fputc('}', out);
    }
    fputc(']', out);
}

void diag_print_json(const Diagnostic *g, FILE *out) {
    fprintf(out, "{\"severity\":\"%s\",\"code\":\"KM%04d\",\"message\":",
            g->is_error ? "error" : "warning", (int)g->code);
    put_string(g->message, out);
    const char *path = g->source ? g->source->path : g->path;
    if (path) {
        fputs(",\"file\":", out);
        put_string(path, out);
    }
    if (g->source)
        put_range(g->source, g->span, out);
    if (g->what) {
        fputs(",\"in\":", out);
        put_string(g->what, out);
    }
    if (g->label) {
        fputs(",\"label\":", out);
        put_string(g->label, out);
    }
    put_notes(g, out);
    fputs(",\"help\":[", out);
    for (size_t i = 0; i < g->helps.count; i++) {
        if (i)
            fputc(',', out);
        put_string(g->helps.at[i], out);
    }
    fputs("]}\n", out);
}
