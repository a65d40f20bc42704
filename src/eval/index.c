/* object[index]: items, slices and keys. */
#include "eval.h"

#include <string.h>

/* A position of a slice, clipped to [low, high] after counting from the end. */
static int64_t clipped(int64_t i, int64_t n, int64_t low, int64_t high) {
    __int128 at = i < 0 ? (__int128)i + n : i;
    return at < low ? low : at > high ? high : (int64_t)at;
}

typedef struct Slice {
    int64_t start, step, count;
} Slice;

/* Python's slice.indices(n). False after an error. */
static bool slice_resolve(Eval *e, const Value *slice, int64_t n, Span span, Slice *out) {
    for (int i = 0; i < 3; i++) {
        if (slice[i].kind == VALUE_NONE || value_is_integral(slice[i]))
            continue;
        eval_error(e, DIAG_operand_types, span, "a slice takes ints, not %s",
                   value_type_name(slice[i]));
        return false;
    }
    int64_t step = slice[2].kind == VALUE_NONE ? 1 : value_integer(slice[2]);
    if (step == 0) {
        eval_error(e, DIAG_bad_value, span, "the step of a slice cannot be 0");
        return false;
    }
    int64_t low = step > 0 ? 0 : -1, high = step > 0 ? n : n - 1;
    int64_t start = slice[0].kind == VALUE_NONE ? (step > 0 ? low : high)
                                                : clipped(value_integer(slice[0]), n, low, high);
    int64_t stop = slice[1].kind == VALUE_NONE ? (step > 0 ? high : low)
                                               : clipped(value_integer(slice[1]), n, low, high);
    Value range = {.kind = VALUE_RANGE, .u.range = {start, stop, step}};
    *out = (Slice){start, step, range_length(range)};
    return true;
}

static Value slice_range(Value range, Slice s) {
    int64_t start = range.u.range.start, step = range.u.range.step;
    return (Value){.kind = VALUE_RANGE,
                   .u.range = {start + s.start * step, start + (s.start + s.count * s.step) * step,
                               step * s.step}};
}

static Value slice_items(Eval *e, Value object, const Values *items, const Value *slice,
                         Span span) {
    Slice s;
    if (!slice_resolve(e, slice, (int64_t)items->count, span, &s) || !eval_spend(e, s.count, span))
        return UNKNOWN;
    Value *picked = arena_array(e->arena, (size_t)s.count, sizeof *picked);
    for (int64_t i = 0; i < s.count; i++)
        picked[i] = items->at[s.start + i * s.step];
    return object.kind == VALUE_TUPLE ? value_tuple(e->arena, picked, (size_t)s.count)
                                      : value_list(e->arena, picked, (size_t)s.count);
}

static Value join(Eval *e, Value characters, Span span) {
    Value text = value_str(e->arena, "");
    for (size_t i = 0; i < characters.u.list->items.count; i++)
        text = eval_binary(e, OPERATOR_ADD, text, characters.u.list->items.at[i], span);
    return text;
}

static Value take_slice(Eval *e, Value object, const Value *slice, Span span) {
    Slice s;
    if (object.kind == VALUE_RANGE)
        return slice_resolve(e, slice, range_length(object), span, &s) ? slice_range(object, s)
                                                                       : UNKNOWN;
    Values items = {0};
    if (!eval_items(e, object, span, &items))
        return UNKNOWN;
    Value picked = slice_items(e, object, &items, slice, span);
    return object.kind == VALUE_STR && picked.kind == VALUE_LIST ? join(e, picked, span) : picked;
}

bool eval_index(Eval *e, Value index, size_t n, const char *what, Span span, size_t *at) {
    if (!value_is_integral(index)) {
        eval_error(e, DIAG_operand_types, span, "an index of a %s should be an int, but is %s",
                   what, value_described(e->arena, index));
        return false;
    }
    int64_t i = value_integer(index);
    if (i < -(int64_t)n || i >= (int64_t)n) {
        eval_error(e, DIAG_index_range, span, "index %lld is out of range: the %s has %zu item%s",
                   (long long)i, what, n, n == 1 ? "" : "s");
        return false;
    }
    *at = (size_t)(i < 0 ? i + (int64_t)n : i);
    return true;
}

static Value take_key(Eval *e, Value dict, Value key, Span span) {
    const Value *found = value_dict_find(dict, key);
    if (found)
        return *found;
    Value v =
        eval_error(e, DIAG_missing_key, span, "the dict has no key %s", value_brief(e->arena, key));
    if (dict.u.dict->keys.count && dict.u.dict->keys.count <= 20) {
        Value keys = value_list(e->arena, dict.u.dict->keys.at, dict.u.dict->keys.count);
        diag_help(e->diag, "its keys are %s", value_brief(e->arena, keys));
    }
    return v;
}

Value eval_subscript(Eval *e, Value object, Value index, Span span) {
    if (object.kind == VALUE_UNKNOWN || index.kind == VALUE_UNKNOWN)
        return UNKNOWN;
    if (object.kind == VALUE_DICT)
        return take_key(e, object, index, span);
    bool indexable =
        object.kind == VALUE_STR || value_is_sequence(object) || object.kind == VALUE_RANGE;
    if (!indexable)
        return eval_error(e, DIAG_not_iterable, span, "%s cannot be indexed",
                          value_described(e->arena, object));
    if (index.kind == VALUE_SLICE)
        return take_slice(e, object, index.u.slice, span);
    size_t at;
    if (object.kind == VALUE_RANGE) {
        if (!eval_index(e, index, (size_t)range_length(object), "range", span, &at))
            return UNKNOWN;
        return value_int(object.u.range.start + (int64_t)at * object.u.range.step);
    }
    if (object.kind != VALUE_STR) {
        const ValueList *list = object.u.list;
        return eval_index(e, index, list->items.count, value_type_name(object), span, &at)
                   ? list->items.at[at]
                   : UNKNOWN;
    }
    Values characters = {0};
    if (!eval_items(e, object, span, &characters) ||
        !eval_index(e, index, characters.count, "str", span, &at))
        return UNKNOWN;
    return characters.at[at];
}
