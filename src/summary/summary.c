/* model.summary(): which layers are shown, and how they hang together. */
#include "summary.h"
#include "layer.h"

#include <regex.h>

char *summary_grouped(Arena *a, int64_t n) {
    if (n < 1000)
        return arena_printf(a, "%d", (int)n);
    return arena_printf(a, "%s,%03d", summary_grouped(a, n / 1000), (int)(n % 1000));
}

/* Each node reads the one before it, and no layer is called twice. */
static bool is_linear(const Model *m) {
    if (m->sequential)
        return true;
    for (size_t i = 0; i < m->nodes.count; i++) {
        const Node *n = m->nodes.at[i];
        if (n->nin > 1 || (i > 0 && (n->nin == 0 || n->in[0]->producer != m->nodes.at[i - 1])))
            return false;
        for (size_t k = 0; k < i; k++)
            if (m->nodes.at[k]->layer == n->layer)
                return false;
    }
    return true;
}

/* Which of its layer's calls a node is. */
static int call_number(const Model *m, const Node *node) {
    int number = 0;
    for (size_t i = 0; i < m->nodes.count && m->nodes.at[i] != node; i++)
        number += m->nodes.at[i]->layer == node->layer;
    return number;
}

Connections summary_connections(const Summary *s, const Layer *l) {
    Connections list = {0};
    for (size_t i = 0; i < s->model->nodes.count; i++) {
        const Node *n = s->model->nodes.at[i];
        for (int k = 0; n->layer == l && k < n->nin; k++) {
            const Node *from = n->in[k]->producer;
            vec_push(s->arena, &list,
                     arena_printf(s->arena, "%s[%d][0]", from->layer->name,
                                  call_number(s->model, from)));
        }
    }
    return list;
}

/* The first and the last layer whose name matches, as re.match: from its beginning. False: none
 * does, or it is no regular expression. */
static bool find_matches(const Summary *s, const char *pattern, size_t *first, size_t *last) {
    regex_t regex;
    if (regcomp(&regex, arena_printf(s->arena, "^(%s)", pattern), REG_EXTENDED | REG_NOSUB) != 0)
        return false;
    bool found = false;
    for (size_t i = 0; i < s->model->layers.count; i++) {
        if (regexec(&regex, s->model->layers.at[i]->name, 0, NULL, 0) != 0)
            continue;
        *first = found ? *first : i;
        *last = i;
        found = true;
    }
    regfree(&regex);
    return found;
}

/* layer_range: from the first match of one to the last match of the other; or, if they stand the
 * other way round, the other way round. */
static bool choose_layers(Summary *s) {
    s->last = s->model->layers.count;
    if (!s->options->range_first)
        return true;
    size_t first[2], last[2];
    if (!find_matches(s, s->options->range_first, &first[0], &last[0]) ||
        !find_matches(s, s->options->range_last, &first[1], &last[1]))
        return false;
    bool reversed = first[0] > last[1];
    s->first = reversed ? first[1] : first[0];
    s->last = 1 + (reversed ? last[0] : last[1]);
    return true;
}

bool model_summary(const Model *m, const SummaryOptions *options, FILE *out, const char **error) {
    Summary s = {
        .arena = arena_new(), .model = m, .options = options, .out = out, .linear = is_linear(m)};
    bool fine = choose_layers(&s);
    if (!fine)
        *error = "layer_range matches no layer of the model";
    else if (options->style == SUMMARY_KERAS2)
        fine = summary_keras2(&s, error);
    else
        fine = summary_keras3(&s, error);
    arena_free(s.arena);
    return fine;
}
