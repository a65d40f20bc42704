/* Methods of str that names and messages are made with. */
#include "builtin_args.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool is_text(Eval *e, const Builtin *b, Value v, Span span) {
    if (v.kind == VALUE_STR)
        return true;
    eval_error(e, DIAG_operand_types, span, "str.%s takes a str, not %s", b->name,
               value_described(e->arena, v));
    return false;
}

static bool is_ascii(Value v) {
    for (size_t i = 0; i < v.u.str.len; i++)
        if ((unsigned char)v.u.str.text[i] >= 0x80)
            return false;
    return true;
}

/* upper, lower, capitalize, title, swapcase: of ASCII letters. */
static Value str_case(Eval *e, const Builtin *b, const Call *call) {
    if (!take_args(e, b, call, NULL, 0, 0, NULL))
        return UNKNOWN;
    if (!is_ascii(b->self))
        return eval_error(e, DIAG_unsupported_syntax, call->span,
                          "str.%s is supported for ASCII text only", b->name);
    Value v = value_strn(e->arena, b->self.u.str.text, b->self.u.str.len);
    char *s = (char *)v.u.str.text;
    bool start = true;
    for (size_t i = 0; i < v.u.str.len; i++) {
        unsigned char c = (unsigned char)s[i];
        bool up = b->name[0] == 'u' || (b->name[0] == 'c' && i == 0) ||
                  (b->name[0] == 't' && start) || (b->name[0] == 's' && islower(c));
        s[i] = (char)(up ? toupper(c) : tolower(c));
        start = !isalpha(c);
    }
    return v;
}

static Value str_strip(Eval *e, const Builtin *b, const Call *call) {
    Value v;
    if (!take_args(e, b, call, PARAMS("chars"), 0, 1, &v) ||
        (v.kind != VALUE_UNKNOWN && v.kind != VALUE_NONE && !is_text(e, b, v, call->span)))
        return UNKNOWN;
    const char *unwanted = v.kind == VALUE_STR ? v.u.str.text : " \t\n\r\v\f";
    const char *s = b->self.u.str.text;
    size_t first = 0, last = b->self.u.str.len;
    bool left = b->name[0] != 'r', right = b->name[0] != 'l';
    while (left && first < last && strchr(unwanted, s[first]))
        first++;
    while (right && last > first && strchr(unwanted, s[last - 1]))
        last--;
    return value_strn(e->arena, s + first, last - first);
}

/* startswith, endswith: one text or a tuple of them. */
static Value str_affix(Eval *e, const Builtin *b, const Call *call) {
    Value v, self = b->self;
    if (!take_args(e, b, call, PARAMS("affix"), 1, 1, &v))
        return UNKNOWN;
    bool tuple = v.kind == VALUE_TUPLE;
    for (size_t i = 0; i < (tuple ? v.u.list->items.count : 1); i++) {
        Value affix = tuple ? v.u.list->items.at[i] : v;
        if (!is_text(e, b, affix, call->span))
            return UNKNOWN;
        size_t n = affix.u.str.len;
        const char *at = self.u.str.text + (b->name[0] == 's' ? 0 : self.u.str.len - n);
        if (n <= self.u.str.len && !memcmp(at, affix.u.str.text, n))
            return value_bool(true);
    }
    return value_bool(false);
}

static void split_blanks(Eval *e, Value self, int64_t most, Values *parts) {
    const char *s = self.u.str.text;
    while (*s) {
        s += strspn(s, " \t\n\r\v\f");
        size_t n = strcspn(s, " \t\n\r\v\f");
        if (most == 0)
            for (n = strlen(s); n && isspace((unsigned char)s[n - 1]);)
                n--;
        if (n)
            vec_push(e->arena, parts, value_strn(e->arena, s, n));
        if (most-- == 0)
            return;
        s += n;
    }
}

static void split_at(Eval *e, Value self, Value separator, int64_t most, Values *parts) {
    const char *s = self.u.str.text;
    for (const char *next; most != 0 && (next = strstr(s, separator.u.str.text)); most--) {
        vec_push(e->arena, parts, value_strn(e->arena, s, (size_t)(next - s)));
        s = next + separator.u.str.len;
    }
    vec_push(e->arena, parts, value_str(e->arena, s));
}

static Value str_split(Eval *e, const Builtin *b, const Call *call) {
    Value v[2];
    Values parts = {0};
    if (!take_args(e, b, call, PARAMS("sep", "maxsplit"), 0, 2, v) ||
        !eval_spend(e, (int64_t)b->self.u.str.len, call->span))
        return UNKNOWN;
    int64_t most = v[1].kind == VALUE_INT ? v[1].u.integer : -1;
    bool blanks = v[0].kind == VALUE_UNKNOWN || v[0].kind == VALUE_NONE;
    if (!blanks && !is_text(e, b, v[0], call->span))
        return UNKNOWN;
    if (!blanks && v[0].u.str.len == 0)
        return eval_error(e, DIAG_bad_value, call->span, "the separator is empty");
    if (blanks)
        split_blanks(e, b->self, most, &parts);
    else
        split_at(e, b->self, v[0], most, &parts);
    return value_list(e->arena, parts.at, parts.count);
}

static Value str_join(Eval *e, const Builtin *b, const Call *call) {
    Value v, text = value_str(e->arena, "");
    Values items = {0};
    if (!take_args(e, b, call, PARAMS("iterable"), 1, 1, &v) ||
        !eval_items(e, v, call->args.at[0].span, &items))
        return UNKNOWN;
    for (size_t i = 0; i < items.count; i++) {
        if (items.at[i].kind == VALUE_UNKNOWN || !is_text(e, b, items.at[i], call->span))
            return UNKNOWN;
        if (i)
            text = eval_binary(e, OPERATOR_ADD, text, b->self, call->span);
        text = eval_binary(e, OPERATOR_ADD, text, items.at[i], call->span);
    }
    return text;
}

static Value str_replace(Eval *e, const Builtin *b, const Call *call) {
    Value v[3];
    Values parts = {0};
    if (!take_args(e, b, call, PARAMS("old", "new", "count"), 2, 3, v) ||
        !is_text(e, b, v[0], call->span) || !is_text(e, b, v[1], call->span))
        return UNKNOWN;
    if (v[0].u.str.len == 0)
        return eval_error(e, DIAG_bad_value, call->span, "there is nothing to replace");
    split_at(e, b->self, v[0], v[2].kind == VALUE_INT ? v[2].u.integer : -1, &parts);
    Value text = parts.at[0];
    for (size_t i = 1; i < parts.count; i++) {
        text = eval_binary(e, OPERATOR_ADD, text, v[1], call->span);
        text = eval_binary(e, OPERATOR_ADD, text, parts.at[i], call->span);
    }
    return text;
}

/* find, index, count, of bytes: right for ASCII text. */
static Value str_find(Eval *e, const Builtin *b, const Call *call) {
    Value v;
    if (!take_args(e, b, call, PARAMS("sub"), 1, 1, &v) || !is_text(e, b, v, call->span))
        return UNKNOWN;
    const char *found = strstr(b->self.u.str.text, v.u.str.text);
    if (b->name[0] == 'i' && !found)
        return eval_error(e, DIAG_bad_value, call->span, "%s is not in %s",
                          value_brief(e->arena, v), value_brief(e->arena, b->self));
    if (b->name[0] != 'c')
        return value_int(found ? found - b->self.u.str.text : -1);
    int64_t n = v.u.str.len ? 0 : (int64_t)b->self.u.str.len + 1;
    for (; v.u.str.len && found; found = strstr(found + v.u.str.len, v.u.str.text))
        n++;
    return value_int(n);
}

/* Spaces, or `fill`, on both sides; n of them, `left` before. */
static Value surrounded(Eval *e, Value text, Value fill, int64_t n, int64_t left, Span span) {
    Value before = eval_binary(e, OPERATOR_MUL, fill, value_int(left), span);
    Value after = eval_binary(e, OPERATOR_MUL, fill, value_int(n - left), span);
    return eval_binary(e, OPERATOR_ADD, eval_binary(e, OPERATOR_ADD, before, text, span), after,
                       span);
}

static int64_t character_count(Value v) {
    int64_t n = 0;
    for (size_t i = 0; i < v.u.str.len; i++)
        n += ((unsigned char)v.u.str.text[i] & 0xC0) != 0x80;
    return n;
}

/* ljust, rjust, center. */
static Value str_fill(Eval *e, const Builtin *b, const Call *call) {
    Value v[2];
    if (!take_args(e, b, call, PARAMS("width", "fillchar"), 1, 2, v))
        return UNKNOWN;
    Value fill = v[1].kind == VALUE_UNKNOWN ? value_str(e->arena, " ") : v[1];
    if (!value_is_integral(v[0]) || fill.kind != VALUE_STR || character_count(fill) != 1)
        return eval_error(e, DIAG_operand_types, call->span, "str.%s takes an int and a character",
                          b->name);
    int64_t width = value_integer(v[0]), n = width - character_count(b->self);
    if (n <= 0)
        return b->self;
    int64_t middle = n / 2 + (n & width & 1); /* CPython's choice where n is odd */
    int64_t left = b->name[0] == 'l' ? 0 : b->name[0] == 'r' ? n : middle;
    return surrounded(e, b->self, fill, n, left, call->span);
}

static Value str_zfill(Eval *e, const Builtin *b, const Call *call) {
    Value v;
    if (!take_args(e, b, call, PARAMS("width"), 1, 1, &v))
        return UNKNOWN;
    if (!value_is_integral(v))
        return eval_error(e, DIAG_operand_types, call->span, "str.zfill takes an int");
    const char *s = b->self.u.str.text;
    int64_t n = value_integer(v) - character_count(b->self);
    if (n <= 0)
        return b->self;
    size_t sign = *s == '-' || *s == '+';
    Value zeros =
        surrounded(e, value_strn(e->arena, s, sign), value_str(e->arena, "0"), n, 0, call->span);
    return eval_binary(e, OPERATOR_ADD, zeros, value_str(e->arena, s + sign), call->span);
}

static Value str_is(Eval *e, const Builtin *b, const Call *call) {
    if (!take_args(e, b, call, NULL, 0, 0, NULL))
        return UNKNOWN;
    bool digits = !strcmp(b->name, "isdigit"), letters = !strcmp(b->name, "isalpha");
    for (size_t i = 0; i < b->self.u.str.len; i++) {
        int c = (unsigned char)b->self.u.str.text[i];
        if (digits ? !isdigit(c) : letters ? !isalpha(c) : !isalnum(c))
            return value_bool(false);
    }
    return value_bool(b->self.u.str.len > 0);
}

/* The value that a field of format() names: "", "0", "name". */
static Value field_value(const Call *call, const char *name, size_t *next) {
    if (*name && strspn(name, "0123456789") != strlen(name))
        return take_keyword(call, name);
    size_t i = *name ? (size_t)strtoul(name, NULL, 10) : (*next)++;
    return i < count_positional(call) ? call->args.at[i].value : UNKNOWN;
}

static Value format_field(Eval *e, const Call *call, const char *field, size_t *next) {
    char *name = arena_strdup(e->arena, field), *spec = strchr(name, ':');
    if (spec)
        *spec++ = '\0';
    char *conversion = strchr(name, '!');
    if (conversion)
        *conversion++ = '\0';
    Value v = field_value(call, name, next);
    if (v.kind == VALUE_UNKNOWN)
        return eval_error(e, DIAG_format_spec, call->span, "format has no value for {%s}", field);
    if (conversion && *conversion == 'r')
        v = value_str(e->arena, value_repr(e->arena, v));
    return eval_format(e, v, spec ? spec : "", call->span);
}

static Value str_format(Eval *e, const Builtin *b, const Call *call) {
    const char *s = b->self.u.str.text;
    Vec(char) out = {0};
    size_t next = 0;
    while (*s) {
        bool twice = (*s == '{' || *s == '}') && s[1] == *s;
        if (twice || (*s != '{' && *s != '}')) {
            vec_push(e->arena, &out, *s);
            s += twice ? 2 : 1;
            continue;
        }
        const char *end = *s == '{' ? strchr(s, '}') : NULL;
        if (!end)
            return eval_error(e, DIAG_format_spec, call->span, "this format has a single '%c'", *s);
        Value piece =
            format_field(e, call, arena_strndup(e->arena, s + 1, (size_t)(end - s - 1)), &next);
        if (piece.kind == VALUE_UNKNOWN)
            return piece;
        for (size_t i = 0; i < piece.u.str.len; i++)
            vec_push(e->arena, &out, piece.u.str.text[i]);
        s = end + 1;
    }
    return value_strn(e->arena, out.at ? out.at : "", out.count);
}

static const Builtin methods[] = {
    {.name = "upper", .call = str_case},       {.name = "lower", .call = str_case},
    {.name = "capitalize", .call = str_case},  {.name = "title", .call = str_case},
    {.name = "swapcase", .call = str_case},    {.name = "strip", .call = str_strip},
    {.name = "lstrip", .call = str_strip},     {.name = "rstrip", .call = str_strip},
    {.name = "startswith", .call = str_affix}, {.name = "endswith", .call = str_affix},
    {.name = "split", .call = str_split},      {.name = "join", .call = str_join},
    {.name = "replace", .call = str_replace},  {.name = "find", .call = str_find},
    {.name = "index", .call = str_find},       {.name = "count", .call = str_find},
    {.name = "ljust", .call = str_fill},       {.name = "rjust", .call = str_fill},
    {.name = "center", .call = str_fill},      {.name = "zfill", .call = str_zfill},
    {.name = "isdigit", .call = str_is},       {.name = "isalpha", .call = str_is},
    {.name = "isalnum", .call = str_is},       {.name = "format", .call = str_format},
};
const BuiltinTable str_methods = {methods, COUNT_OF(methods)};
