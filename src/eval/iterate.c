/* The items of what can be iterated over: sequences, text, dicts (their keys), ranges, iterators.
 */
#include "eval.h"

/* The bytes of one UTF-8 character. */
static size_t character_length(const char *text, size_t left) {
    size_t n = 1;
    while (n < left && ((unsigned char)text[n] & 0xC0) == 0x80)
        n++;
    return n;
}

static void characters(Eval *e, Value v, Values *items) {
    for (size_t i = 0, n; i < v.u.str.len; i += n) {
        n = character_length(v.u.str.text + i, v.u.str.len - i);
        vec_push(e->arena, items, value_strn(e->arena, v.u.str.text + i, n));
    }
}

static void numbers(Eval *e, Value v, int64_t count, Values *items) {
    for (int64_t i = 0; i < count; i++)
        vec_push(e->arena, items,
                 value_int((int64_t)((__int128)v.u.range.start + (__int128)i * v.u.range.step)));
}

static int64_t cost(Value v) {
    switch (v.kind) {
    case VALUE_STR:
        return (int64_t)v.u.str.len;
    case VALUE_RANGE:
        return range_length(v);
    case VALUE_DICT:
        return (int64_t)v.u.dict->keys.count;
    default:
        return (int64_t)v.u.list->items.count;
    }
}

static bool is_iterable(Value v) {
    return v.kind == VALUE_STR || value_is_sequence(v) || v.kind == VALUE_DICT ||
           v.kind == VALUE_RANGE || v.kind == VALUE_ITERATOR;
}

bool eval_items(Eval *e, Value v, Span span, Values *items) {
    if (v.kind == VALUE_UNKNOWN)
        return false;
    if (!is_iterable(v)) {
        eval_error(e, DIAG_not_iterable, span, "%s cannot be iterated over",
                   value_described(e->arena, v));
        if (v.kind == VALUE_INT)
            diag_help(e->diag, "range(%s) counts up to it", value_repr(e->arena, v));
        return false;
    }
    int64_t count = cost(v);
    if (!eval_spend(e, count, span))
        return false;
    if (v.kind == VALUE_STR)
        characters(e, v, items);
    else if (v.kind == VALUE_RANGE)
        numbers(e, v, count, items);
    else
        for (int64_t i = 0; i < count; i++)
            vec_push(e->arena, items,
                     v.kind == VALUE_DICT ? v.u.dict->keys.at[i] : v.u.list->items.at[i]);
    if (v.kind == VALUE_ITERATOR)
        v.u.list->items.count = 0;
    return true;
}
