/* What values look like: Python's repr() and str(), and the names of their types. */
#include "layer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The shortest of the digits that read back as the same double, laid out by Python's rule: an
 * exponent below 1e-4 and from 1e16 on. */
char *float_repr(Arena *a, double f) {
    if (isnan(f))
        return arena_strdup(a, "nan");
    if (isinf(f))
        return arena_strdup(a, f < 0 ? "-inf" : "inf");
    char digits[40];
    int precision = 0;
    do
        snprintf(digits, sizeof digits, "%.*e", precision, f);
    while (strtod(digits, NULL) != f && ++precision < 17);
    int exponent = atoi(strchr(digits, 'e') + 1);
    if (exponent < -4 || exponent >= 16)
        return arena_strdup(a, digits);
    int decimals = precision - exponent;
    return arena_printf(a, "%.*f", decimals > 1 ? decimals : 1, f);
}

/* Grows a text. Values that hold themselves or each other many times over are cut off with "...":
 * nobody reads a megabyte of brackets. */
typedef struct Text {
    Arena *arena;
    Vec(char) bytes;
    int depth;
} Text;

enum { TEXT_MAX = 1 << 20, DEPTH_MAX = 100 };

static bool text_is_full(const Text *t) {
    return t->bytes.count >= TEXT_MAX || t->depth > DEPTH_MAX;
}

static void text_addn(Text *t, const char *text, size_t len) {
    for (size_t i = 0; i < len; i++)
        vec_push(t->arena, &t->bytes, text[i]);
}

static void text_add(Text *t, const char *text) {
    text_addn(t, text, strlen(text));
}

static void add_repr(Text *t, Value v);

static void add_str_repr(Text *t, const char *text, size_t len) {
    bool single = memchr(text, '\'', len), twofold = memchr(text, '"', len);
    char quote = single && !twofold ? '"' : '\'';
    text_addn(t, &quote, 1);
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == (unsigned char)quote || c == '\\')
            text_add(t, (char[]){'\\', (char)c, 0});
        else if (c == '\n')
            text_add(t, "\\n");
        else if (c == '\r')
            text_add(t, "\\r");
        else if (c == '\t')
            text_add(t, "\\t");
        else if (c < 0x20 || c == 0x7f)
            text_add(t, arena_printf(t->arena, "\\x%02x", c));
        else
            text_addn(t, (char *)&c, 1);
    }
    text_addn(t, &quote, 1);
}

static void add_items(Text *t, const char *open, const ValueList *list, const char *close) {
    text_add(t, open);
    for (size_t i = 0; i < list->items.count && !text_is_full(t); i++) {
        text_add(t, i ? ", " : "");
        add_repr(t, list->items.at[i]);
    }
    text_add(t, close);
}

static void add_dict(Text *t, const ValueDict *dict) {
    text_add(t, "{");
    for (size_t i = 0; i < dict->keys.count && !text_is_full(t); i++) {
        text_add(t, i ? ", " : "");
        add_repr(t, dict->keys.at[i]);
        text_add(t, ": ");
        add_repr(t, dict->values.at[i]);
    }
    text_add(t, "}");
}

static void add_slice(Text *t, const Value *slice) {
    text_add(t, "slice(");
    for (int i = 0; i < 3; i++) {
        text_add(t, i ? ", " : "");
        add_repr(t, slice[i]);
    }
    text_add(t, ")");
}

static char *range_repr(Arena *a, Value v) {
    if (v.u.range.step == 1)
        return arena_printf(a, "range(%lld, %lld)", (long long)v.u.range.start,
                            (long long)v.u.range.stop);
    return arena_printf(a, "range(%lld, %lld, %lld)", (long long)v.u.range.start,
                        (long long)v.u.range.stop, (long long)v.u.range.step);
}

/* What Keras shows for a layer and a model: <Dense name=dense_1, built=True>. */
static char *instance_repr(Arena *a, const char *class_name, const char *name, bool built) {
    return arena_printf(a, "<%s name=%s, built=%s>", class_name, name, built ? "True" : "False");
}

static char *simple_repr(Arena *a, Value v) {
    switch (v.kind) {
    case VALUE_NONE:
        return arena_strdup(a, "None");
    case VALUE_BOOL:
        return arena_strdup(a, v.u.boolean ? "True" : "False");
    case VALUE_INT:
        return arena_printf(a, "%lld", (long long)v.u.integer);
    case VALUE_FLOAT:
        return float_repr(a, v.u.number);
    case VALUE_RANGE:
        return range_repr(a, v);
    case VALUE_ELLIPSIS:
        return arena_strdup(a, "Ellipsis");
    case VALUE_MODULE:
        return arena_printf(a, "<module '%s'>", v.u.module);
    case VALUE_CLASS:
        return arena_printf(a, "<class '%s.%s'>", v.u.class_def->module, v.u.class_def->name);
    case VALUE_OBJECT:
        return arena_printf(a, "<%s>", v.u.object->def->name);
    case VALUE_LAYER:
        return instance_repr(a, v.u.layer->def->class.name, v.u.layer->name, v.u.layer->built);
    case VALUE_MODEL:
        return instance_repr(a, v.u.model->sequential ? "Sequential" : "Functional",
                             v.u.model->name, model_is_built(v.u.model));
    case VALUE_TENSOR:
        return arena_printf(a, "<KerasTensor shape=%s>", shape_str(a, v.u.tensor->shape));
    default:
        return arena_printf(a, "<%s>", value_type_name(v));
    }
}

static void add_repr(Text *t, Value v) {
    if (text_is_full(t)) {
        text_add(t, "...");
        return;
    }
    t->depth++;
    switch (v.kind) {
    case VALUE_STR:
        add_str_repr(t, v.u.str.text, v.u.str.len);
        break;
    case VALUE_TUPLE:
        add_items(t, "(", v.u.list, v.u.list->items.count == 1 ? ",)" : ")");
        break;
    case VALUE_LIST:
        add_items(t, "[", v.u.list, "]");
        break;
    case VALUE_DICT:
        add_dict(t, v.u.dict);
        break;
    case VALUE_SLICE:
        add_slice(t, v.u.slice);
        break;
    default:
        text_add(t, simple_repr(t->arena, v));
    }
    t->depth--;
}

char *value_repr(Arena *a, Value v) {
    Text t = {.arena = a};
    add_repr(&t, v);
    vec_push(a, &t.bytes, '\0');
    return t.bytes.at;
}

enum { BRIEF_MAX = 100 };

char *value_brief(Arena *a, Value v) {
    char *text = value_repr(a, v);
    return strlen(text) <= BRIEF_MAX ? text : arena_printf(a, "%.*s...", BRIEF_MAX, text);
}

char *value_str_of(Arena *a, Value v) {
    return v.kind == VALUE_STR ? arena_strndup(a, v.u.str.text, v.u.str.len) : value_repr(a, v);
}

const char *value_type_name(Value v) {
    static const char *const names[] = {
        [VALUE_UNKNOWN] = "unknown value",
        [VALUE_NONE] = "NoneType",
        [VALUE_BOOL] = "bool",
        [VALUE_INT] = "int",
        [VALUE_FLOAT] = "float",
        [VALUE_STR] = "str",
        [VALUE_TUPLE] = "tuple",
        [VALUE_LIST] = "list",
        [VALUE_DICT] = "dict",
        [VALUE_RANGE] = "range",
        [VALUE_ITERATOR] = "iterator",
        [VALUE_ELLIPSIS] = "ellipsis",
        [VALUE_SLICE] = "slice",
        [VALUE_FUNCTION] = "function",
        [VALUE_BUILTIN] = "built-in function",
        [VALUE_MODULE] = "module",
        [VALUE_CLASS] = "class",
        [VALUE_MODEL] = "model",
        [VALUE_TENSOR] = "symbolic tensor",
    };
    if (v.kind == VALUE_OBJECT)
        return v.u.object->def->name;
    if (v.kind == VALUE_LAYER)
        return v.u.layer->def->class.name;
    return names[v.kind];
}

char *value_described(Arena *a, Value v) {
    const char *name = value_type_name(v);
    if (v.kind == VALUE_NONE)
        return arena_strdup(a, "None");
    return arena_printf(a, strchr("aeiouAEIOU", *name) ? "an %s" : "a %s", name);
}
