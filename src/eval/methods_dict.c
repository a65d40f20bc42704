/* Methods of dict. keys(), values() and items() give lists. */
#include "builtin_args.h"

#include <string.h>

static Value dict_keys(Eval *e, const Builtin *b, const Call *call) {
    const ValueDict *dict = b->self.u.dict;
    bool values = b->name[0] == 'v', items = b->name[0] == 'i';
    Values out = {0};
    if (!take_args(e, b, call, NULL, 0, 0, NULL) ||
        !eval_spend(e, (int64_t)dict->keys.count, call->span))
        return UNKNOWN;
    for (size_t i = 0; i < dict->keys.count; i++) {
        Value pair[2] = {dict->keys.at[i], dict->values.at[i]};
        vec_push(e->arena, &out, items ? value_tuple(e->arena, pair, 2) : pair[values]);
    }
    return value_list(e->arena, out.at, out.count);
}

static Value dict_get(Eval *e, const Builtin *b, const Call *call) {
    Value v[2];
    if (!take_args(e, b, call, PARAMS("key", "default"), 1, 2, v))
        return UNKNOWN;
    const Value *found = value_dict_find(b->self, v[0]);
    return found ? *found : v[1].kind == VALUE_UNKNOWN ? value_none() : v[1];
}

static Value dict_setdefault(Eval *e, const Builtin *b, const Call *call) {
    Value v[2];
    if (!take_args(e, b, call, PARAMS("key", "default"), 1, 2, v))
        return UNKNOWN;
    if (!value_dict_find(b->self, v[0]) &&
        !dict_set(e, b->self, v[0], v[1].kind == VALUE_UNKNOWN ? value_none() : v[1], call->span))
        return UNKNOWN;
    return *value_dict_find(b->self, v[0]);
}

static Value dict_pop(Eval *e, const Builtin *b, const Call *call) {
    Value v[2];
    ValueDict *dict = b->self.u.dict;
    if (!take_args(e, b, call, PARAMS("key", "default"), 1, 2, v))
        return UNKNOWN;
    const Value *found = value_dict_find(b->self, v[0]);
    if (!found && v[1].kind != VALUE_UNKNOWN)
        return v[1];
    if (!found)
        return eval_error(e, DIAG_missing_key, call->span, "the dict has no key %s",
                          value_brief(e->arena, v[0]));
    size_t at = (size_t)(found - dict->values.at);
    Value value = *found;
    memmove(&dict->keys.at[at], &dict->keys.at[at + 1], (--dict->keys.count - at) * sizeof value);
    memmove(&dict->values.at[at], &dict->values.at[at + 1],
            (--dict->values.count - at) * sizeof value);
    return value;
}

static bool merge(Eval *e, Value into, Value from, Span span) {
    for (size_t i = 0; i < from.u.dict->keys.count; i++)
        if (!dict_set(e, into, from.u.dict->keys.at[i], from.u.dict->values.at[i], span))
            return false;
    return true;
}

static Value dict_update(Eval *e, const Builtin *b, const Call *call) {
    for (size_t i = 0; i < call->args.count; i++) {
        const CallArg *arg = &call->args.at[i];
        if (arg->name)
            dict_set(e, b->self, value_str(e->arena, arg->name), arg->value, arg->span);
        else if (arg->value.kind != VALUE_DICT)
            return eval_error(e, DIAG_operand_types, arg->span, "update takes a dict, not %s",
                              value_described(e->arena, arg->value));
        else if (!merge(e, b->self, arg->value, arg->span))
            return UNKNOWN;
    }
    return value_none();
}

static Value dict_copy(Eval *e, const Builtin *b, const Call *call) {
    Value copy = value_dict(e->arena);
    if (!take_args(e, b, call, NULL, 0, 0, NULL) || !merge(e, copy, b->self, call->span))
        return UNKNOWN;
    return copy;
}

static const Builtin methods[] = {
    {.name = "keys", .call = dict_keys},  {.name = "values", .call = dict_keys},
    {.name = "items", .call = dict_keys}, {.name = "get", .call = dict_get},
    {.name = "pop", .call = dict_pop},    {.name = "setdefault", .call = dict_setdefault},
    {.name = "copy", .call = dict_copy},  {.name = "update", .call = dict_update},
};
const BuiltinTable dict_methods = {methods, COUNT_OF(methods)};
