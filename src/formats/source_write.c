/* A model as .kmodel source that reads as if a person had written it: defaults are left out, and a
 * long value that layers share gets a name. It runs under Python with Keras, too. */
#include "source_text.h"

#include "format.h"

#include <string.h>

enum { INDENT = 4, WIDTH = 99, LONG_VALUE = 24 };

/* Automatic names are left out: Keras gives them again. */
typedef struct Names {
    Arena *arena;
    Namer *namer;
    Vec(const char *) classes, next; /* what the namer would say next, class by class */
} Names;

static bool is_automatic(Names *n, const char *class, const char *name) {
    size_t i = 0;
    while (i < n->classes.count && strcmp(n->classes.at[i], class))
        i++;
    if (i == n->classes.count) {
        vec_push(n->arena, &n->classes, class);
        vec_push(n->arena, &n->next, namer_next(n->namer, class));
    }
    if (strcmp(n->next.at[i], name))
        return false;
    n->next.at[i] = namer_next(n->namer, class);
    return true;
}

static void add(Arena *a, SourceCall *call, const char *name, const char *text) {
    vec_push(a, &call->args, (SourceArg){name, text});
}

static char *quoted(Arena *a, const char *text) {
    return value_repr(a, value_str(a, text));
}

/* Keras calls inputs input_layer, input_1 or after the layer they feed; such names say nothing. */
static bool is_made_up(const char *input_name) {
    size_t len = strlen(input_name);
    return !strncmp(input_name, "input_", 6) ||
           (len > 6 && !strcmp(input_name + len - 6, "_input"));
}

static SourceCall input_call(Arena *a, const Model *m) {
    SourceCall call = {.class = "Input"};
    const Layer *l = m->input->producer->layer;
    Shape s = m->input->shape;
    add(a, &call, NULL, shape_str_dims(a, s));
    if (s.batch != DIM_NONE)
        add(a, &call, "batch_size", arena_printf(a, "%lld", (long long)s.batch));
    if (strcmp(l->dtype, "float32"))
        add(a, &call, "dtype", quoted(a, l->dtype));
    if (!is_made_up(l->name))
        add(a, &call, "name", quoted(a, l->name));
    return call;
}

static SourceCall layer_call(Arena *a, const Layer *l, Names *names, SourceUses *uses) {
    SourceCall call = source_call(a, &l->object, uses);
    source_use(a, &uses->layers, call.class);
    if (!is_automatic(names, l->def->class.name, l->name))
        add(a, &call, "name", quoted(a, l->name));
    const ArgDef *common = &layer_common_args[COMMON_ACTIVITY_REGULARIZER];
    Value regularizer = l->common[COMMON_ACTIVITY_REGULARIZER];
    if (!l->def->closed && regularizer.kind == VALUE_OBJECT)
        add(a, &call, common->name, source_value(a, common, regularizer, uses));
    if (!l->trainable)
        add(a, &call, "trainable", "False");
    if (strcmp(l->dtype, "float32"))
        add(a, &call, "dtype", quoted(a, l->dtype));
    return call;
}

static size_t count_text(const SourceCalls *calls, const char *text) {
    size_t n = 0;
    for (size_t i = 0; i < calls->count; i++)
        for (size_t k = 0; k < calls->at[i].args.count; k++)
            n += !strcmp(calls->at[i].args.at[k].text, text);
    return n;
}

static void replace_text(SourceCalls *calls, const char *text, const char *name) {
    for (size_t i = 0; i < calls->count; i++)
        for (size_t k = 0; k < calls->at[i].args.count; k++)
            if (!strcmp(calls->at[i].args.at[k].text, text))
                calls->at[i].args.at[k].text = name;
}

/* kernel_regularizer, kernel_regularizer_2, ... */
static const char *new_name(Arena *a, const char *argument, SourceNames *taken) {
    const char *name = argument;
    int k = 2;
    for (size_t i = 0; i < taken->count; i++)
        if (!strcmp(taken->at[i], name)) {
            name = arena_printf(a, "%s_%d", argument, k++);
            i = (size_t)-1; /* look at all of them again */
        }
    vec_push(a, taken, name);
    return name;
}

/* Gives long values that occur more than once a name, and writes these names' lines. */
static void name_repeated(Arena *a, SourceCalls *calls, FILE *out) {
    SourceNames taken = {0};
    for (size_t i = 0; i < calls->count; i++)
        for (size_t k = 0; k < calls->at[i].args.count; k++) {
            SourceArg arg = calls->at[i].args.at[k];
            if (!arg.name || strlen(arg.text) < LONG_VALUE || count_text(calls, arg.text) < 2)
                continue;
            const char *name = new_name(a, arg.name, &taken);
            fprintf(out, "%s = %s\n", name, arg.text);
            replace_text(calls, arg.text, name);
        }
    if (taken.count)
        fputc('\n', out);
}

/* On one line, or in brackets on several. */
static void write_import(Arena *a, const char *module, const SourceNames *names, FILE *out) {
    char *line = arena_printf(a, "from %s import", module);
    SourceCall lines = {.class = arena_printf(a, "%s ", line)};
    for (size_t i = 0; i < names->count; i++) {
        line = arena_printf(a, "%s%s %s", line, i ? "," : "", names->at[i]);
        add(a, &lines, NULL, names->at[i]);
    }
    if (names->count)
        fprintf(out, "%s\n", strlen(line) <= WIDTH ? line : source_call_text(a, &lines, 0));
}

static void write_model(Arena *a, const Model *m, const SourceCalls *calls, Names *names,
                        FILE *out) {
    fputs("model = Sequential([\n", out);
    for (size_t i = 0; i < calls->count; i++)
        fprintf(out, "%*s%s,\n", INDENT, "", source_call_text(a, &calls->at[i], INDENT));
    fputs("]", out);
    if (!is_automatic(names, "Sequential", m->name))
        fprintf(out, ", name=%s", quoted(a, m->name));
    fputs(")\n", out);
}

void source_write(const Model *m, const char *weights_path, FILE *out) {
    Arena *a = arena_new();
    Names names = {.arena = a, .namer = namer_new(a)};
    SourceUses uses = {0};
    SourceCalls calls = {0};
    source_use(a, &uses.modules, "Sequential");
    if (m->input) {
        source_use(a, &uses.modules, "Input");
        vec_push(a, &calls, input_call(a, m));
    }
    for (size_t i = 0; i < m->layers.count; i++)
        vec_push(a, &calls, layer_call(a, m->layers.at[i], &names, &uses));
    write_import(a, "keras", &uses.modules, out);
    write_import(a, "keras.layers", &uses.layers, out);
    fputc('\n', out);
    name_repeated(a, &calls, out);
    write_model(a, m, &calls, &names, out);
    if (weights_path)
        fprintf(out, "model.load_weights(%s)\n", quoted(a, weights_path));
    arena_free(a);
}
