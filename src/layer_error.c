/* Errors about layers: where the fault is, and which layer the shape comes from. */
#include "layer.h"

/* The layer whose output reaches l unchanged in shape: Dropout and the like are passed over. */
static const Node *origin(const Layer *l) {
    const Node *node = l->node->in[0]->producer;
    while (node->nin > 0 && !node->layer->def->shape)
        node = node->in[0]->producer;
    return node;
}

static void note_origin(const Layer *l, Diag *d) {
    if (!l->node || l->node->nin == 0)
        return;
    const Node *node = origin(l);
    Arena *a = arena_new();
    const char *shape = shape_str(a, node->out->shape);
    Span span = node->layer->span;
    if (node->nin == 0 && !span_is_none(span) && span.begin == l->span.begin)
        span = SPAN_NONE; /* input_shape of this very layer */
    if (node->nin == 0)
        diag_note(d, span, "the model's input is %s", shape);
    else if (span_is_none(span))
        diag_note(d, span, "the output of layer '%s' is %s", node->layer->name, shape);
    else
        diag_note(d, span, "this layer's output is %s", shape);
    arena_free(a);
}

__attribute__((format(printf, 5, 0))) static void
open_error(const Layer *l, Span span, DiagCode code, Diag *d, const char *format, va_list args) {
    Arena *a = arena_new();
    const char *text = arena_vprintf(a, format, args);
    if (span_is_none(span))
        diag_error(d, code, span, "layer '%s' (%s): %s", l->name, l->def->class.name, text);
    else
        diag_error(d, code, span, "%s", text);
    arena_free(a);
    note_origin(l, d);
}

bool layer_error(const Layer *l, DiagCode code, Diag *d, const char *format, ...) {
    va_list args;
    va_start(args, format);
    open_error(l, l->object.span, code, d, format, args);
    va_end(args);
    return false;
}

/* From the class's name through the argument and the comma or parenthesis that ends it. */
static Span up_to_argument(const Layer *l, int arg) {
    Span span = l->object.span;
    if (!l->object.arg_spans || span_is_none(span) || span_is_none(l->object.arg_spans[arg]))
        return span;
    Span last = l->object.arg_spans[arg];
    /* A value that was written elsewhere and only named here has its place there. */
    if (last.begin < l->object.call_span.begin || last.end >= l->object.call_span.end)
        return span;
    return (Span){span.begin, last.end + 1};
}

bool layer_arg_error(const Layer *l, int arg, DiagCode code, Diag *d, const char *format, ...) {
    va_list args;
    va_start(args, format);
    open_error(l, up_to_argument(l, arg), code, d, format, args);
    va_end(args);
    return false;
}

const char *layer_downsampled_by(const Layer *l) {
    for (const Node *node = l->node; node && node->nin > 0; node = node->in[0]->producer)
        if (node->layer != l && node->layer->def->downsamples)
            return node->layer->def->downsamples;
    return NULL;
}
