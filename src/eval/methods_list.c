/* Methods of list and tuple. */
#include "builtin_args.h"

#include <string.h>

static Value list_append(Eval *e, const Builtin *b, const Call *call) {
    Value v;
    if (!take_args(e, b, call, PARAMS("object"), 1, 1, &v))
        return UNKNOWN;
    if (call->args.count != 1)
        return eval_error(e, DIAG_missing_argument, call->callee, "append takes one value");
    vec_push(e->arena, &b->self.u.list->items, v);
    return value_none();
}

static Value list_extend(Eval *e, const Builtin *b, const Call *call) {
    Value v;
    Values items = {0};
    if (!take_args(e, b, call, PARAMS("iterable"), 1, 1, &v) ||
        !eval_items(e, v, call->args.at[0].span, &items))
        return UNKNOWN;
    for (size_t i = 0; i < items.count; i++)
        vec_push(e->arena, &b->self.u.list->items, items.at[i]);
    return value_none();
}

static Value list_insert(Eval *e, const Builtin *b, const Call *call) {
    Value v[2];
    if (!take_args(e, b, call, PARAMS("index", "object"), 1, 2, v))
        return UNKNOWN;
    if (call->args.count != 2 || !value_is_integral(v[0]))
        return eval_error(e, DIAG_operand_types, call->span, "insert takes an index and a value");
    ValueList *list = b->self.u.list;
    int64_t n = (int64_t)list->items.count, at = value_integer(v[0]);
    at = at < 0 ? (at + n < 0 ? 0 : at + n) : at > n ? n : at;
    if (!eval_spend(e, (n - at) / 8, call->span))
        return UNKNOWN;
    vec_push(e->arena, &list->items, v[1]);
    memmove(&list->items.at[at + 1], &list->items.at[at], (size_t)(n - at) * sizeof v[1]);
    list->items.at[at] = v[1];
    return value_none();
}

static Value remove_at(ValueList *list, size_t at) {
    Value v = list->items.at[at];
    memmove(&list->items.at[at], &list->items.at[at + 1], (--list->items.count - at) * sizeof v);
    return v;
}

static Value list_pop(Eval *e, const Builtin *b, const Call *call) {
    Value v;
    size_t at;
    ValueList *list = b->self.u.list;
    if (!take_args(e, b, call, PARAMS("index"), 0, 1, &v))
        return UNKNOWN;
    if (list->items.count == 0)
        return eval_error(e, DIAG_index_range, call->span, "pop from an empty list");
    Value index = v.kind == VALUE_UNKNOWN ? value_int(-1) : v;
    if (!eval_index(e, index, list->items.count, "list", call->span, &at))
        return UNKNOWN;
    return eval_spend(e, (int64_t)(list->items.count - at) / 8, call->span) ? remove_at(list, at)
                                                                            : UNKNOWN;
}

static bool find_item(Eval *e, const Builtin *b, const Call *call, size_t *at) {
    Value v;
    const ValueList *list = b->self.u.list;
    if (!take_args(e, b, call, PARAMS("value"), 1, 1, &v))
        return false;
    for (*at = 0; *at < list->items.count; ++*at)
        if (eval_equal(e, list->items.at[*at], v))
            return true;
    eval_error(e, DIAG_bad_value, call->span, "%s is not in the %s", value_brief(e->arena, v),
               value_type_name(b->self));
    return false;
}

static Value list_remove(Eval *e, const Builtin *b, const Call *call) {
    size_t at;
    if (find_item(e, b, call, &at))
        remove_at(b->self.u.list, at);
    return value_none();
}

static Value list_index(Eval *e, const Builtin *b, const Call *call) {
    size_t at;
    return find_item(e, b, call, &at) ? value_int((int64_t)at) : UNKNOWN;
}

static Value list_count(Eval *e, const Builtin *b, const Call *call) {
    Value v;
    int64_t n = 0;
    if (!take_args(e, b, call, PARAMS("value"), 1, 1, &v))
        return UNKNOWN;
    for (size_t i = 0; i < b->self.u.list->items.count; i++)
        n += eval_equal(e, b->self.u.list->items.at[i], v);
    return value_int(n);
}

static Value list_reverse(Eval *e, const Builtin *b, const Call *call) {
    ValueList *list = b->self.u.list;
    if (!take_args(e, b, call, NULL, 0, 0, NULL) ||
        !eval_spend(e, (int64_t)list->items.count, call->span))
        return UNKNOWN;
    for (size_t i = 0, j = list->items.count; i + 1 < j; i++) {
        Value v = list->items.at[i];
        list->items.at[i] = list->items.at[--j];
        list->items.at[j] = v;
    }
    return value_none();
}

static Value list_sort(Eval *e, const Builtin *b, const Call *call) {
    ValueList *list = b->self.u.list;
    Values items = {0};
    if (!only_keywords(e, b, call, PARAMS("key", "reverse"), 2))
        return UNKNOWN;
    if (!eval_items(e, b->self, call->span, &items) || !sort_items(e, call, &items))
        return UNKNOWN;
    for (size_t i = 0; i < items.count && i < list->items.count; i++)
        list->items.at[i] = items.at[i];
    return value_none();
}

static Value list_clear(Eval *e, const Builtin *b, const Call *call) {
    if (take_args(e, b, call, NULL, 0, 0, NULL))
        b->self.u.list->items.count = 0;
    return value_none();
}

static Value list_copy(Eval *e, const Builtin *b, const Call *call) {
    const ValueList *list = b->self.u.list;
    if (!take_args(e, b, call, NULL, 0, 0, NULL) ||
        !eval_spend(e, (int64_t)list->items.count, call->span))
        return UNKNOWN;
    return value_list(e->arena, list->items.at, list->items.count);
}

static const Builtin of_list[] = {
    {.name = "append", .call = list_append, .takes_unknown = true},
    {.name = "extend", .call = list_extend},
    {.name = "insert", .call = list_insert, .takes_unknown = true},
    {.name = "pop", .call = list_pop},
    {.name = "remove", .call = list_remove},
    {.name = "index", .call = list_index},
    {.name = "count", .call = list_count},
    {.name = "reverse", .call = list_reverse},
    {.name = "sort", .call = list_sort},
    {.name = "clear", .call = list_clear},
    {.name = "copy", .call = list_copy},
};
const BuiltinTable list_methods = {of_list, COUNT_OF(of_list)};

static const Builtin of_tuple[] = {
    {.name = "index", .call = list_index},
    {.name = "count", .call = list_count},
};
const BuiltinTable tuple_methods = {of_tuple, COUNT_OF(of_tuple)};
