/* Built-in functions over sequences: enumerate, zip, sorted, map, ... */
#include "builtin_args.h"

#include <string.h>

static Value iterator(Eval *e, const Values *items) {
    Value v = value_list(e->arena, items->at, items->count);
    v.kind = VALUE_ITERATOR;
    return v;
}

static Value builtin_enumerate(Eval *e, const Builtin *b, const Call *call) {
    Value v[2];
    Values items = {0};
    if (!take_args(e, b, call, PARAMS("iterable", "start"), 1, 2, v) ||
        !eval_items(e, v[0], call->args.at[0].span, &items))
        return UNKNOWN;
    int64_t start = v[1].kind != VALUE_UNKNOWN && value_is_integral(v[1]) ? value_integer(v[1]) : 0;
    for (size_t i = 0; i < items.count; i++) {
        Value pair[2] = {value_int((int64_t)((uint64_t)start + i)), items.at[i]};
        items.at[i] = value_tuple(e->arena, pair, 2);
    }
    return iterator(e, &items);
}

/* The items of every positional argument; *shortest receives the least of their counts. */
static Values *columns(Eval *e, const Call *call, size_t first, size_t n, size_t *shortest) {
    Values *all = arena_array(e->arena, n, sizeof *all);
    *shortest = n ? SIZE_MAX : 0;
    for (size_t i = 0; i < n; i++) {
        const CallArg *arg = &call->args.at[first + i];
        if (!eval_items(e, arg->value, arg->span, &all[i]))
            return NULL;
        if (all[i].count < *shortest)
            *shortest = all[i].count;
    }
    return all;
}

static Values row(Eval *e, const Values *all, size_t n, size_t i) {
    Values r = {0};
    for (size_t j = 0; j < n; j++)
        vec_push(e->arena, &r, all[j].at[i]);
    return r;
}

static Value builtin_zip(Eval *e, const Builtin *b, const Call *call) {
    size_t n = count_positional(call), shortest;
    if (!only_keywords(e, b, call, PARAMS("strict"), 1))
        return UNKNOWN;
    Values *all = columns(e, call, 0, n, &shortest), rows = {0};
    if (!all)
        return UNKNOWN;
    Value strict = take_keyword(call, "strict");
    for (size_t i = 0; strict.kind != VALUE_UNKNOWN && value_truth(strict) && i < n; i++)
        if (all[i].count != shortest)
            return eval_error(e, DIAG_unpack_count, call->span,
                              "zip(strict=True) of sequences that differ in length");
    for (size_t i = 0; i < shortest; i++) {
        Values r = row(e, all, n, i);
        vec_push(e->arena, &rows, value_tuple(e->arena, r.at, r.count));
    }
    return iterator(e, &rows);
}

static Value builtin_map(Eval *e, const Builtin *b, const Call *call) {
    size_t n = count_positional(call), shortest;
    if (n < 2)
        return eval_error(e, DIAG_missing_argument, call->callee,
                          "%s needs a function and a sequence", b->name);
    Values *all = columns(e, call, 1, n - 1, &shortest), results = {0};
    for (size_t i = 0; all && i < shortest && !e->stopped; i++) {
        Values r = row(e, all, n - 1, i);
        vec_push(e->arena, &results,
                 eval_call_with(e, call->args.at[0].value, r.at, r.count, call->span));
    }
    return all ? iterator(e, &results) : UNKNOWN;
}

static Value builtin_filter(Eval *e, const Builtin *b, const Call *call) {
    Value v[2];
    Values items = {0}, kept = {0};
    if (!take_args(e, b, call, PARAMS("function", "iterable"), 2, 2, v) ||
        !eval_items(e, v[1], call->args.at[1].span, &items))
        return UNKNOWN;
    for (size_t i = 0; i < items.count; i++) {
        Value keep = v[0].kind == VALUE_NONE ? items.at[i]
                                             : eval_call_with(e, v[0], &items.at[i], 1, call->span);
        if (keep.kind == VALUE_UNKNOWN)
            return UNKNOWN;
        if (value_truth(keep))
            vec_push(e->arena, &kept, items.at[i]);
    }
    return iterator(e, &kept);
}

static Value builtin_reversed(Eval *e, const Builtin *b, const Call *call) {
    Value v;
    Values items = {0}, turned = {0};
    if (!take_args(e, b, call, PARAMS("sequence"), 1, 1, &v))
        return UNKNOWN;
    if (v.kind == VALUE_ITERATOR)
        return eval_error(e, DIAG_not_iterable, call->span, "an iterator cannot be reversed");
    if (!eval_items(e, v, call->args.at[0].span, &items))
        return UNKNOWN;
    for (size_t i = items.count; i-- > 0;)
        vec_push(e->arena, &turned, items.at[i]);
    return iterator(e, &turned);
}

/* Merges the sorted halves [low, middle) and [middle, high) of `order`; equal ones keep their
 * order, in a reversed sort too. */
typedef struct Sorting {
    Eval *eval;
    const Values *keys;
    size_t *order, *spare;
    bool reverse, ok;
    Span span;
} Sorting;

static bool goes_first(Sorting *s, size_t right, size_t left) {
    Value a = s->keys->at[right], b = s->keys->at[left];
    return s->reverse ? eval_less(s->eval, b, a, s->span, &s->ok)
                      : eval_less(s->eval, a, b, s->span, &s->ok);
}

static void merge_sort(Sorting *s, size_t low, size_t high) {
    if (high - low < 2 || !s->ok || !eval_spend(s->eval, (int64_t)(high - low), s->span))
        return;
    size_t middle = low + (high - low) / 2;
    merge_sort(s, low, middle);
    merge_sort(s, middle, high);
    size_t i = low, j = middle;
    for (size_t k = low; k < high; k++) {
        bool right = i == middle || (j < high && goes_first(s, s->order[j], s->order[i]));
        s->spare[k] = right ? s->order[j++] : s->order[i++];
    }
    memcpy(s->order + low, s->spare + low, (high - low) * sizeof *s->order);
}

bool sort_items(Eval *e, const Call *call, Values *items) {
    Value key = take_keyword(call, "key"), reverse = take_keyword(call, "reverse");
    Values keys = {0}, sorted = {0};
    for (size_t i = 0; i < items->count; i++) {
        bool plain = key.kind == VALUE_UNKNOWN || key.kind == VALUE_NONE;
        Value v = plain ? items->at[i] : eval_call_with(e, key, &items->at[i], 1, call->span);
        if (v.kind == VALUE_UNKNOWN)
            return false;
        vec_push(e->arena, &keys, v);
    }
    Sorting s = {.eval = e,
                 .keys = &keys,
                 .order = arena_array(e->arena, items->count, sizeof(size_t)),
                 .spare = arena_array(e->arena, items->count, sizeof(size_t)),
                 .reverse = reverse.kind != VALUE_UNKNOWN && value_truth(reverse),
                 .ok = true,
                 .span = call->span};
    for (size_t i = 0; i < items->count; i++)
        s.order[i] = i;
    merge_sort(&s, 0, items->count);
    for (size_t i = 0; i < items->count; i++)
        vec_push(e->arena, &sorted, items->at[s.order[i]]);
    *items = sorted;
    return s.ok && !e->stopped;
}

static Value builtin_sorted(Eval *e, const Builtin *b, const Call *call) {
    Values items = {0};
    if (!only_keywords(e, b, call, PARAMS("key", "reverse"), 2))
        return UNKNOWN;
    if (count_positional(call) != 1)
        return eval_error(e, DIAG_missing_argument, call->callee, "sorted takes one sequence");
    if (!eval_items(e, call->args.at[0].value, call->args.at[0].span, &items) ||
        !sort_items(e, call, &items))
        return UNKNOWN;
    return value_list(e->arena, items.at, items.count);
}

static Value builtin_iter(Eval *e, const Builtin *b, const Call *call) {
    Value v;
    Values items = {0};
    if (!take_args(e, b, call, PARAMS("iterable"), 1, 1, &v))
        return UNKNOWN;
    if (v.kind == VALUE_ITERATOR)
        return v;
    return eval_items(e, v, call->span, &items) ? iterator(e, &items) : UNKNOWN;
}

static Value builtin_next(Eval *e, const Builtin *b, const Call *call) {
    Value v[2];
    if (!take_args(e, b, call, PARAMS("iterator", "default"), 1, 2, v))
        return UNKNOWN;
    if (v[0].kind != VALUE_ITERATOR)
        return eval_error(e, DIAG_not_iterable, call->span, "%s is not an iterator",
                          value_described(e->arena, v[0]));
    ValueList *list = v[0].u.list;
    if (list->items.count == 0)
        return v[1].kind != VALUE_UNKNOWN
                   ? v[1]
                   : eval_error(e, DIAG_index_range, call->span, "the iterator is at its end");
    if (!eval_spend(e, 1 + (int64_t)list->items.count / 8, call->span))
        return UNKNOWN;
    Value first = list->items.at[0];
    memmove(list->items.at, list->items.at + 1, --list->items.count * sizeof(Value));
    return first;
}

static const Builtin builtins[] = {
    {.name = "enumerate", .call = builtin_enumerate},
    {.name = "zip", .call = builtin_zip},
    {.name = "map", .call = builtin_map},
    {.name = "filter", .call = builtin_filter},
    {.name = "reversed", .call = builtin_reversed},
    {.name = "sorted", .call = builtin_sorted},
    {.name = "iter", .call = builtin_iter},
    {.name = "next", .call = builtin_next},
};
const BuiltinTable sequence_builtins = {builtins, COUNT_OF(builtins)};
