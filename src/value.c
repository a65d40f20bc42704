/* Compile-time values: making them, Python's == and bool() of them. */
#include "value.h"

#include <string.h>

Value value_none(void) {
    return (Value)VALUE_AS_NONE;
}

Value value_bool(bool b) {
    return (Value)VALUE_AS_BOOL(b);
}

Value value_int(int64_t i) {
    return (Value)VALUE_AS_INT(i);
}

Value value_float(double f) {
    return (Value)VALUE_AS_FLOAT(f);
}

Value value_strn(Arena *a, const char *text, size_t len) {
    return (Value){.kind = VALUE_STR, .u.str = {arena_strndup(a, text, len), len}};
}

Value value_str(Arena *a, const char *text) {
    return value_strn(a, text, strlen(text));
}

static Value sequence(Arena *a, ValueKind kind, const Value *items, size_t count) {
    ValueList *list = arena_alloc(a, sizeof *list);
    list->items.at = arena_array(a, count, sizeof *items);
    list->items.count = list->items.capacity = count;
    if (count)
        memcpy(list->items.at, items, count * sizeof *items);
    return (Value){.kind = kind, .u.list = list};
}

Value value_tuple(Arena *a, const Value *items, size_t count) {
    return sequence(a, VALUE_TUPLE, items, count);
}

Value value_list(Arena *a, const Value *items, size_t count) {
    return sequence(a, VALUE_LIST, items, count);
}

Value value_dict(Arena *a) {
    return (Value){.kind = VALUE_DICT, .u.dict = arena_alloc(a, sizeof(ValueDict))};
}

Value *value_dict_find(Value dict, Value key) {
    for (size_t i = 0; i < dict.u.dict->keys.count; i++)
        if (value_equal(dict.u.dict->keys.at[i], key))
            return &dict.u.dict->values.at[i];
    return NULL;
}

void value_dict_set(Arena *a, Value dict, Value key, Value value) {
    Value *present = value_dict_find(dict, key);
    if (present) {
        *present = value;
        return;
    }
    vec_push(a, &dict.u.dict->keys, key);
    vec_push(a, &dict.u.dict->values, value);
}

const Value *value_dict_get(Value dict, const char *key) {
    Value name = {.kind = VALUE_STR, .u.str = {key, strlen(key)}};
    return value_dict_find(dict, name);
}

bool value_is_number(Value v) {
    return v.kind == VALUE_INT || v.kind == VALUE_FLOAT || v.kind == VALUE_BOOL;
}

bool value_is_integral(Value v) {
    return v.kind == VALUE_INT || v.kind == VALUE_BOOL;
}

int64_t value_integer(Value v) {
    return v.kind == VALUE_BOOL ? v.u.boolean : v.u.integer;
}

double value_number(Value v) {
    return v.kind == VALUE_FLOAT ? v.u.number : (double)value_integer(v);
}

bool value_is_sequence(Value v) {
    return v.kind == VALUE_TUPLE || v.kind == VALUE_LIST;
}

int64_t range_length(Value range) {
    __int128 start = range.u.range.start, stop = range.u.range.stop, step = range.u.range.step;
    __int128 n = step > 0 ? (stop - start + step - 1) / step : (start - stop - step - 1) / -step;
    if (step > 0 ? start >= stop : start <= stop)
        return 0;
    return n > INT64_MAX ? INT64_MAX : (int64_t)n;
}

/* An int and a double, exactly: 2**53 + 1 differs from float(2**53). */
static int compare_int_float(int64_t i, double f) {
    if (f >= 9223372036854775808.0)
        return -1;
    if (f < -9223372036854775808.0)
        return 1;
    int64_t whole = (int64_t)f;
    if (i != whole)
        return i < whole ? -1 : 1;
    double rest = f - (double)whole;
    return rest > 0 ? -1 : rest < 0 ? 1 : 0;
}

bool value_order(Value a, Value b, int *order) {
    bool a_float = a.kind == VALUE_FLOAT, b_float = b.kind == VALUE_FLOAT;
    if ((a_float && a.u.number != a.u.number) || (b_float && b.u.number != b.u.number))
        return false;
    if (a_float && b_float)
        *order = (a.u.number > b.u.number) - (a.u.number < b.u.number);
    else if (a_float)
        *order = -compare_int_float(value_integer(b), a.u.number);
    else if (b_float)
        *order = compare_int_float(value_integer(a), b.u.number);
    else
        *order = (value_integer(a) > value_integer(b)) - (value_integer(a) < value_integer(b));
    return true;
}

/* Lists may hold themselves, or each other so often that walking them would take for ever: depth
 * and `work` bound the comparison. */
enum { DEPTH_MAX = 200, EQUAL_WORK = 1000000 };

static bool equal(Value a, Value b, int depth, int64_t *work);

static bool equal_lists(const ValueList *a, const ValueList *b, int depth, int64_t *work) {
    if (a == b)
        return true;
    if (a->items.count != b->items.count)
        return false;
    for (size_t i = 0; i < a->items.count; i++)
        if (!equal(a->items.at[i], b->items.at[i], depth + 1, work))
            return false;
    return true;
}

static bool equal_dicts(const ValueDict *a, const ValueDict *b, int depth, int64_t *work) {
    if (a == b)
        return true;
    if (a->keys.count != b->keys.count)
        return false;
    for (size_t i = 0; i < a->keys.count; i++) {
        size_t j = 0;
        while (j < b->keys.count && !equal(a->keys.at[i], b->keys.at[j], depth + 1, work))
            j++;
        if (j == b->keys.count || !equal(a->values.at[i], b->values.at[j], depth + 1, work))
            return false;
    }
    return true;
}

static bool equal_ranges(Value a, Value b) {
    int64_t n = range_length(a);
    if (n != range_length(b))
        return false;
    return n == 0 ||
           (a.u.range.start == b.u.range.start && (n == 1 || a.u.range.step == b.u.range.step));
}

static bool equal_slices(const Value *a, const Value *b, int depth, int64_t *work) {
    return equal(a[0], b[0], depth + 1, work) && equal(a[1], b[1], depth + 1, work) &&
           equal(a[2], b[2], depth + 1, work);
}

static bool equal(Value a, Value b, int depth, int64_t *work) {
    if (depth > DEPTH_MAX || --*work < 0)
        return false;
    int order;
    if (value_is_number(a) && value_is_number(b))
        return value_order(a, b, &order) && order == 0;
    if (a.kind != b.kind)
        return false;
    switch (a.kind) {
    case VALUE_STR:
        return a.u.str.len == b.u.str.len && !memcmp(a.u.str.text, b.u.str.text, a.u.str.len);
    case VALUE_TUPLE:
    case VALUE_LIST:
        return equal_lists(a.u.list, b.u.list, depth, work);
    case VALUE_DICT:
        return equal_dicts(a.u.dict, b.u.dict, depth, work);
    case VALUE_RANGE:
        return equal_ranges(a, b);
    case VALUE_SLICE:
        return equal_slices(a.u.slice, b.u.slice, depth, work);
    case VALUE_MODULE:
        return !strcmp(a.u.module, b.u.module);
    default:
        return value_is(a, b);
    }
}

bool value_equal_within(Value a, Value b, int64_t *work) {
    return equal(a, b, 0, work);
}

bool value_equal(Value a, Value b) {
    int64_t work = EQUAL_WORK;
    return equal(a, b, 0, &work);
}

bool value_is(Value a, Value b) {
    if (a.kind != b.kind)
        return false;
    switch (a.kind) {
    case VALUE_TUPLE:
    case VALUE_LIST:
        /* Python has one empty tuple. */
        return a.u.list == b.u.list ||
               (a.kind == VALUE_TUPLE && !a.u.list->items.count && !b.u.list->items.count);
    case VALUE_DICT:
        return a.u.dict == b.u.dict;
    case VALUE_SLICE:
        return a.u.slice == b.u.slice;
    case VALUE_FUNCTION:
        return a.u.function == b.u.function;
    case VALUE_BUILTIN:
        return a.u.builtin == b.u.builtin;
    case VALUE_CLASS:
        return a.u.class_def == b.u.class_def;
    case VALUE_OBJECT:
        return a.u.object == b.u.object;
    case VALUE_LAYER:
        return a.u.layer == b.u.layer;
    case VALUE_MODEL:
        return a.u.model == b.u.model;
    case VALUE_TENSOR:
        return a.u.tensor == b.u.tensor;
    case VALUE_FLOAT:
        return !memcmp(&a.u.number, &b.u.number, sizeof a.u.number);
    case VALUE_UNKNOWN:
    case VALUE_NONE:
    case VALUE_ELLIPSIS:
        return true;
    default:
        return value_equal(a, b);
    }
}

bool value_truth(Value v) {
    switch (v.kind) {
    case VALUE_NONE:
        return false;
    case VALUE_BOOL:
        return v.u.boolean;
    case VALUE_INT:
        return v.u.integer != 0;
    case VALUE_FLOAT:
        return v.u.number != 0;
    case VALUE_STR:
        return v.u.str.len > 0;
    case VALUE_TUPLE:
    case VALUE_LIST:
        return v.u.list->items.count > 0;
    case VALUE_DICT:
        return v.u.dict->keys.count > 0;
    case VALUE_RANGE:
        return range_length(v) > 0;
    default:
        return true;
    }
}
