/* Python's format(): [[fill]align][sign][#][0][width][, or _][.precision][type]. */
#include "eval.h"

#include <math.h>
#include <string.h>

enum { WIDTH_MAX = 10000 };

typedef struct Spec {
    char fill[5]; /* one UTF-8 character */
    char align;   /* < > = ^, or 0 */
    char sign;    /* + - or space */
    bool alternate, zero;
    int width, precision; /* precision -1: none */
    char group;           /* , _ or 0 */
    char type;            /* 0: none */
} Spec;

static bool is_align(char c) {
    return c && strchr("<>=^", c);
}

static bool parse_number(const char **s, int *out) {
    int n = 0;
    for (; **s >= '0' && **s <= '9'; (*s)++) {
        n = n * 10 + (**s - '0');
        if (n > WIDTH_MAX)
            return false;
    }
    *out = n;
    return true;
}

static size_t character_bytes(const char *s) {
    size_t n = 1;
    while (*s && ((unsigned char)s[n] & 0xC0) == 0x80 && n < 4)
        n++;
    return n;
}

static size_t character_count(const char *s) {
    size_t n = 0;
    for (; *s; s++)
        n += ((unsigned char)*s & 0xC0) != 0x80;
    return n;
}

static bool parse_spec(const char *s, Spec *out) {
    *out = (Spec){.fill = " ", .sign = '-', .precision = -1};
    size_t first = *s ? character_bytes(s) : 0;
    if (*s && is_align(s[first])) {
        memcpy(out->fill, s, first);
        out->fill[first] = '\0';
        out->align = s[first];
        s += first + 1;
    } else if (is_align(*s)) {
        out->align = *s++;
    }
    if (*s && strchr("+- ", *s))
        out->sign = *s++;
    if (*s == '#')
        out->alternate = true, s++;
    if (*s == '0') {
        out->zero = true;
        s++;
        if (!out->align)
            strcpy(out->fill, "0");
    }
    if (!parse_number(&s, &out->width))
        return false;
    if (*s == ',' || *s == '_')
        out->group = *s++;
    if (*s == '.' && (s[1] < '0' || s[1] > '9' || (s++, !parse_number(&s, &out->precision))))
        return false;
    if (*s)
        out->type = *s++;
    return *s == '\0';
}

/* sign, digits: pads between or around them. */
static char *pad(Arena *a, const Spec *spec, char default_align, const char *sign,
                 const char *body) {
    char align = spec->align ? spec->align : spec->zero ? '=' : default_align;
    int len = (int)(character_count(sign) + character_count(body));
    int missing = spec->width > len ? spec->width - len : 0;
    int before = align == '>' || align == '=' ? missing : align == '^' ? missing / 2 : 0;
    size_t bytes = strlen(spec->fill);
    char *fill = arena_alloc(a, (size_t)missing * bytes + 1);
    for (int i = 0; i < missing; i++)
        memcpy(fill + (size_t)i * bytes, spec->fill, bytes);
    char *left = arena_strndup(a, fill, (size_t)before * bytes);
    char *right = arena_strndup(a, fill, (size_t)(missing - before) * bytes);
    return align == '=' ? arena_printf(a, "%s%s%s%s", sign, left, body, right)
                        : arena_printf(a, "%s%s%s%s", left, sign, body, right);
}

/* Separators between groups of the digits before the point or exponent. */
static char *grouped(Arena *a, const char *digits, char separator, int every, int width) {
    size_t whole = strspn(digits, "0123456789abcdefABCDEF");
    if (every == 3)
        whole = strspn(digits, "0123456789");
    int rest = (int)strlen(digits + whole);
    size_t shown = whole;
    while (width && (int)(shown + (shown - 1) / (size_t)every) + rest < width)
        shown++; /* zero padding is grouped like the digits */
    char *out = arena_alloc(a, shown * 2 + (size_t)rest + 1), *p = out;
    for (size_t i = 0; i < shown; i++) {
        *p++ = i < shown - whole ? '0' : digits[i - (shown - whole)];
        if ((shown - i - 1) % (size_t)every == 0 && i + 1 < shown)
            *p++ = separator;
    }
    strcpy(p, digits + whole);
    return out;
}

static const char *sign_of(const Spec *spec, bool negative) {
    return negative ? "-" : spec->sign == '+' ? "+" : spec->sign == ' ' ? " " : "";
}

static char *in_base(Arena *a, uint64_t n, unsigned base, bool upper) {
    const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    char text[65], *p = text + 64;
    *p = '\0';
    do
        *--p = digits[n % base];
    while (n /= base);
    return arena_strdup(a, p);
}

static char *finish_number(Arena *a, const Spec *spec, bool negative, const char *prefix,
                           char *digits, int group_every) {
    const char *sign = arena_printf(a, "%s%s", sign_of(spec, negative), prefix);
    if (spec->group) {
        bool zero_fill = spec->zero && !spec->align;
        int width = zero_fill ? spec->width - (int)strlen(sign) : 0;
        digits = grouped(a, digits, spec->group, group_every, width > 0 ? width : 0);
    }
    return pad(a, spec, '>', sign, digits);
}

static char *format_int(Arena *a, const Spec *spec, int64_t i) {
    uint64_t n = i < 0 ? -(uint64_t)i : (uint64_t)i;
    switch (spec->type) {
    case 'b':
        return finish_number(a, spec, i < 0, spec->alternate ? "0b" : "", in_base(a, n, 2, false),
                             4);
    case 'o':
        return finish_number(a, spec, i < 0, spec->alternate ? "0o" : "", in_base(a, n, 8, false),
                             4);
    case 'x':
        return finish_number(a, spec, i < 0, spec->alternate ? "0x" : "", in_base(a, n, 16, false),
                             4);
    case 'X':
        return finish_number(a, spec, i < 0, spec->alternate ? "0X" : "", in_base(a, n, 16, true),
                             4);
    default:
        return finish_number(a, spec, i < 0, "", in_base(a, n, 10, false), 3);
    }
}

static char *strip_zeros(char *digits) {
    char *exponent = strpbrk(digits, "eE"), *end = exponent ? exponent : digits + strlen(digits);
    char *last = end;
    if (!memchr(digits, '.', (size_t)(end - digits)))
        return digits;
    while (last[-1] == '0')
        last--;
    if (last[-1] == '.')
        last--;
    memmove(last, end, strlen(end) + 1);
    return digits;
}

/* Without a type: like 'g', but with a digit after the point. */
static char *float_plain(Arena *a, double f, int precision) {
    if (precision < 0)
        return float_repr(a, f);
    int p = precision ? precision : 1;
    char *scientific = arena_printf(a, "%.*e", p - 1, f);
    int exponent = 0;
    sscanf(strchr(scientific, 'e') + 1, "%d", &exponent);
    if (exponent < -4 || exponent + 1 > p - 1)
        return strip_zeros(scientific);
    char *fixed = strip_zeros(arena_printf(a, "%.*f", p - 1 - exponent, f));
    return strchr(fixed, '.') ? fixed : arena_printf(a, "%s.0", fixed);
}

static char *float_digits(Arena *a, const Spec *spec, double f) {
    int p = spec->precision < 0 ? 6 : spec->precision;
    const char *alternate = spec->alternate ? "#" : "";
    if (isnan(f) || isinf(f)) {
        bool upper = spec->type == 'E' || spec->type == 'F' || spec->type == 'G';
        const char *text = isnan(f) ? (upper ? "NAN" : "nan") : upper ? "INF" : "inf";
        return arena_printf(a, "%s%s", text, spec->type == '%' ? "%" : "");
    }
    if (!spec->type)
        return float_plain(a, f, spec->precision);
    if (spec->type == '%')
        return arena_printf(a, "%.*f%%", p, f * 100);
    char conversion = spec->type == 'n' ? 'g' : spec->type;
    char *format = arena_printf(a, "%%%s.*%c", alternate, conversion);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    return arena_printf(a, format, p, f);
#pragma GCC diagnostic pop
}

static char *format_float(Arena *a, const Spec *spec, double f) {
    return finish_number(a, spec, signbit(f) && !isnan(f), "", float_digits(a, spec, fabs(f)), 3);
}

static char *format_text(Arena *a, const Spec *spec, const char *text) {
    if (spec->precision >= 0) {
        size_t n = 0;
        for (int i = 0; i < spec->precision && text[n]; i++)
            n += character_bytes(text + n);
        text = arena_strndup(a, text, n);
    }
    Spec plain = *spec;
    if (spec->zero && !spec->align)
        plain.align = '<';
    return pad(a, &plain, '<', "", text);
}

static Value bad_spec(Eval *e, Value v, const char *spec, Span span) {
    return eval_error(e, DIAG_format_spec, span, "format '%s' does not fit %s", spec,
                      value_described(e->arena, v));
}

Value eval_format(Eval *e, Value v, const char *text, Span span) {
    Spec spec;
    if (v.kind == VALUE_UNKNOWN)
        return v;
    if (!*text)
        return v.kind == VALUE_STR ? v : value_str(e->arena, value_str_of(e->arena, v));
    if (!parse_spec(text, &spec))
        return bad_spec(e, v, text, span);
    char type = spec.type ? spec.type : v.kind == VALUE_STR ? 's' : 'd';
    bool as_float = strchr("eEfFgGn%", type) || v.kind == VALUE_FLOAT;
    if (v.kind == VALUE_STR)
        return type == 's' && spec.align != '=' && spec.sign == '-' && !spec.group
                   ? value_str(e->arena, format_text(e->arena, &spec, v.u.str.text))
                   : bad_spec(e, v, text, span);
    if (v.kind == VALUE_FLOAT && spec.type && !strchr("eEfFgGn%", spec.type))
        return bad_spec(e, v, text, span);
    if (!value_is_number(v) || !strchr("bdoxXneEfFgG%", type))
        return bad_spec(e, v, text, span);
    if (value_is_integral(v) && (type == 'n' || !as_float))
        return spec.precision >= 0
                   ? bad_spec(e, v, text, span)
                   : value_str(e->arena, format_int(e->arena, &spec, value_integer(v)));
    return value_str(e->arena, format_float(e->arena, &spec, value_number(v)));
}
