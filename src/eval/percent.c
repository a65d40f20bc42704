/* 'conv%d_%s' % (i, name): the older way to make names. Each piece goes through eval_format(). */
#include "eval.h"

#include <string.h>

typedef struct Percent {
    Eval *eval;
    Vec(char) out;
    const Value *args;
    size_t nargs, used;
    Span span;
} Percent;

static void add_text(Percent *p, const char *text, size_t len) {
    for (size_t i = 0; i < len; i++)
        vec_push(p->eval->arena, &p->out, text[i]);
}

static bool fail(Percent *p, const char *why) {
    eval_error(p->eval, DIAG_format_spec, p->span, "%s", why);
    return false;
}

/* %[flags][width][.precision]conversion, from after the percent sign. Gives where it ends. */
static const char *one(Percent *p, const char *s) {
    Arena *a = p->eval->arena;
    size_t flags = strspn(s, "-+ #0"), width = strspn(s + flags, "0123456789");
    const char *precision = s + flags + width;
    size_t npoint = *precision == '.' ? 1 + strspn(precision + 1, "0123456789") : 0;
    const char *conversion = precision + npoint;
    if (!*conversion || !strchr("diuoxXeEfFgGsr", *conversion))
        return fail(p, "this % format has an unknown conversion"), NULL;
    if (p->used == p->nargs)
        return fail(p, "there are more % conversions than values"), NULL;
    Value v = p->args[p->used++];
    bool text = *conversion == 's' || *conversion == 'r', left = memchr(s, '-', flags) != NULL;
    bool whole = strchr("diu", *conversion) != NULL;
    if (*conversion == 'r' || (text && v.kind != VALUE_STR))
        v = value_str(a, *conversion == 'r' ? value_repr(a, v) : value_str_of(a, v));
    if (!text && !value_is_number(v))
        return fail(p, "this % conversion needs a number"), NULL;
    if (whole && v.kind == VALUE_FLOAT)
        v = value_int((int64_t)v.u.number);
    char *spec = arena_printf(a, "%s%s%s%s%.*s%.*s%c",
                              left   ? "<"
                              : text ? ">"
                                     : "",
                              !text && memchr(s, '+', flags) ? "+" : "",
                              !text && memchr(s, '#', flags) ? "#" : "",
                              !text && !left && memchr(s, '0', flags) ? "0" : "", (int)width,
                              s + flags, whole ? 0 : (int)npoint, precision,
                              whole  ? 'd'
                              : text ? 's'
                                     : *conversion);
    Value piece = eval_format(p->eval, v, spec, p->span);
    if (piece.kind == VALUE_UNKNOWN)
        return NULL;
    add_text(p, piece.u.str.text, piece.u.str.len);
    return conversion + 1;
}

Value eval_percent(Eval *e, Value format, Value args, Span span) {
    bool tuple = args.kind == VALUE_TUPLE;
    Percent p = {.eval = e,
                 .args = tuple ? args.u.list->items.at : &args,
                 .nargs = tuple ? args.u.list->items.count : 1,
                 .span = span};
    for (const char *s = format.u.str.text; *s;) {
        if (*s != '%') {
            add_text(&p, s++, 1);
        } else if (s[1] == '%') {
            add_text(&p, "%", 1);
            s += 2;
        } else {
            s = one(&p, s + 1);
            if (!s)
                return UNKNOWN;
        }
    }
    if (p.used < p.nargs && args.kind != VALUE_DICT) {
        fail(&p, "there are more values than % conversions");
        return UNKNOWN;
    }
    return value_strn(e->arena, p.out.at ? p.out.at : "", p.out.count);
}
