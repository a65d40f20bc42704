/* Keras 2.0 to 2.3: plain columns, text cut where it does not fit.
 *
 *     Layer (type)                 Output Shape              Param #
 *     =================================================================
 *     conv2d_1 (Conv2D)            (None, 222, 222, 32)      896
 */
#include "summary.h"
#include "layer.h"

#include <string.h>

typedef struct Columns {
    int count, end[SUMMARY_COLUMNS_MAX];
} Columns;

static Columns columns(const Summary *s) {
    static const double linear[] = {.45, .85, 1.}, graph[] = {.33, .55, .67, 1.};
    Columns c = {.count = s->linear ? 3 : 4};
    int length = s->options->line_length ? s->options->line_length : s->linear ? 65 : 98;
    for (int i = 0; i < c.count; i++)
        c.end[i] = (int)(length * (s->linear ? linear : graph)[i]);
    if (s->options->show_trainable) {
        c.end[c.count] = c.end[c.count - 1] + 11;
        c.count++;
    }
    return c;
}

static void put_rule(const Summary *s, const Columns *c, char mark) {
    for (int i = 0; i < c->end[c->count - 1]; i++)
        fputc(mark, s->out);
    fputc('\n', s->out);
}

/* A field ends one before its column does, or is cut there; the last may fill its column. */
static void put_row(const Summary *s, const Columns *c, const char *const *fields) {
    int at = 0;
    for (int i = 0; i < c->count; i++) {
        int room = c->end[i] - at - (i + 1 < c->count);
        int put = fprintf(s->out, "%.*s", room, fields[i]);
        fprintf(s->out, "%*s", c->end[i] - at - put, "");
        at = c->end[i];
    }
    fputc('\n', s->out);
}

/* Keras 2 counted automatic names from _1: conv2d -> conv2d_1, conv2d_1 -> conv2d_2. */
static const char *old_name(const Summary *s, const Layer *l) {
    if (!l->auto_named)
        return l->name;
    const char *base = snake_case(s->arena, l->def->class.name);
    int number = 0;
    if (l->name[strlen(base)] == '_')
        sscanf(l->name + strlen(base) + 1, "%d", &number);
    bool input = strcmp(base, "input_layer") == 0;
    return arena_printf(s->arena, "%s_%d", input ? "input" : base, number + 1);
}

static Connections old_connections(const Summary *s, const Layer *l) {
    Connections list = summary_connections(s, l);
    for (size_t i = 0, k = 0; i < s->model->nodes.count; i++) {
        const Node *n = s->model->nodes.at[i];
        for (int j = 0; n->layer == l && j < n->nin; j++, k++)
            list.at[k] = arena_printf(s->arena, "%s%s", old_name(s, n->in[j]->producer->layer),
                                      strchr(list.at[k], '['));
    }
    return list;
}

static void put_layer(const Summary *s, const Columns *c, const Layer *l) {
    Connections from = s->linear ? (Connections){0} : old_connections(s, l);
    const char *fields[SUMMARY_COLUMNS_MAX] = {
        arena_printf(s->arena, "%s (%s)", old_name(s, l), l->def->class.name),
        shape_str(s->arena, l->node->out->shape),
        arena_printf(s->arena, "%lld", (long long)layer_count_params(l)),
    };
    if (!s->linear)
        fields[3] = from.count > 0 ? from.at[0] : "";
    if (s->options->show_trainable)
        fields[c->count - 1] = l->trainable ? "Y" : "N";
    put_row(s, c, fields);
    for (size_t i = 1; i < from.count; i++)
        put_row(s, c, (const char *[SUMMARY_COLUMNS_MAX]){"", "", "", from.at[i], ""});
}

bool summary_keras2(Summary *s, const char **error) {
    if (!model_is_built(s->model)) {
        *error = "Keras 2 has no summary of a model whose input shape is not known";
        return false;
    }
    Columns c = columns(s);
    const char *header[SUMMARY_COLUMNS_MAX] = {"Layer (type)", "Output Shape", "Param #",
                                               "Connected to"};
    if (s->options->show_trainable)
        header[c.count - 1] = "Trainable";
    put_rule(s, &c, '_');
    put_row(s, &c, header);
    put_rule(s, &c, '=');
    for (size_t i = s->first; i < s->last; i++) {
        put_layer(s, &c, s->model->layers.at[i]);
        put_rule(s, &c, i + 1 == s->last ? '=' : '_');
    }
    ParamCount n = model_count_params(s->model);
    fprintf(s->out, "Total params: %s\n", summary_grouped(s->arena, n.total));
    fprintf(s->out, "Trainable params: %s\n", summary_grouped(s->arena, n.trainable));
    fprintf(s->out, "Non-trainable params: %s\n", summary_grouped(s->arena, n.non_trainable));
    put_rule(s, &c, '_');
    return true;
}
