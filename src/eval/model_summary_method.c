/* model.summary(...) in a file: prints while compiling what Keras prints when run. */
#include "builtin_args.h"

#include <string.h>

enum { LINE_LENGTH, POSITIONS, PRINT_FN, EXPAND_NESTED, SHOW_TRAINABLE, LAYER_RANGE, NARGS };

static bool given(Value v) {
    return v.kind != VALUE_UNKNOWN && v.kind != VALUE_NONE;
}

static bool wrong(Eval *e, const Call *call, const char *text) {
    eval_error(e, DIAG_summary_option, call->span, "%s", text);
    return false;
}

static bool take_range(Eval *e, const Call *call, Value v, SummaryOptions *out) {
    bool two = value_is_sequence(v) && v.u.list->items.count == 2 &&
               v.u.list->items.at[0].kind == VALUE_STR && v.u.list->items.at[1].kind == VALUE_STR;
    if (!two)
        return wrong(e, call, "layer_range should be a list of two names");
    out->range_first = v.u.list->items.at[0].u.str.text;
    out->range_last = v.u.list->items.at[1].u.str.text;
    return true;
}

static bool options(Eval *e, const Call *call, const Value *v, SummaryOptions *out) {
    if (given(v[POSITIONS]))
        return wrong(e, call, "positions= is not supported");
    bool prints =
        v[PRINT_FN].kind == VALUE_BUILTIN && !strcmp(v[PRINT_FN].u.builtin->name, "print");
    if (given(v[PRINT_FN]) && !prints)
        return wrong(e, call, "a print_fn of your own is not supported");
    if (given(v[LINE_LENGTH])) {
        Value n = v[LINE_LENGTH];
        if (n.kind != VALUE_INT || n.u.integer < 1 || n.u.integer > 100000)
            return wrong(e, call, "line_length should be a number of columns");
        out->line_length = (int)n.u.integer;
    }
    if (given(v[EXPAND_NESTED]))
        out->expand_nested = value_truth(v[EXPAND_NESTED]);
    if (given(v[SHOW_TRAINABLE]))
        out->show_trainable = value_truth(v[SHOW_TRAINABLE]);
    return !given(v[LAYER_RANGE]) || take_range(e, call, v[LAYER_RANGE], out);
}

Value model_summary_method(Eval *e, const Builtin *b, const Call *call) {
    Value v[NARGS];
    const Model *m = b->self.u.model;
    SummaryOptions o = e->options ? e->options->summary : (SummaryOptions){0};
    if (!take_args(e, b, call,
                   PARAMS("line_length", "positions", "print_fn", "expand_nested", "show_trainable",
                          "layer_range"),
                   0, NARGS, v) ||
        !options(e, call, v, &o) || m->failed)
        return UNKNOWN;
    const char *why;
    FILE *out = e->options ? e->options->out : NULL;
    if (out && !model_summary(m, &o, out, &why))
        wrong(e, call, why);
    return value_none();
}
