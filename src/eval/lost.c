/* A statement that could not be read: what it may have changed is unknown from there on, so that
 * the rest of the file can be checked without a word about what follows from the mistake. */
#include "eval.h"
#include "layer.h"
#include "names.h"

#include <ctype.h>
#include <string.h>

static bool in_word(char c) {
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* `name =`, but not `name ==`. */
static bool is_assigned(const char *after, const char *end) {
    while (after < end && (*after == ' ' || *after == '\t'))
        after++;
    return after < end && *after == '=' && (after + 1 == end || after[1] != '=');
}

/* What Keras and Python export stays what it is, unless the text gives it a value. */
static void forget_word(Eval *e, const char *begin, const char *end, const char *text_end) {
    const char *name = arena_strndup(e->arena, begin, (size_t)(end - begin));
    Value exported;
    bool own = !builtin_find(name) && !names_bare(e, name, &exported);
    if (own || is_assigned(end, text_end))
        scope_set(e, e->scope, (Name){name, SPAN_NONE}, UNKNOWN);
}

void run_lost(Eval *e, Span span) {
    const char *at = e->source->text + span.begin, *end = e->source->text + span.end;
    while (at < end && eval_spend(e, 1, span)) {
        const char *begin = at;
        while (at < end && in_word(*at))
            at++;
        if (at > begin && !isdigit((unsigned char)*begin))
            forget_word(e, begin, at, end);
        if (at < end && !in_word(*at))
            at++;
    }
    for (size_t i = 0; i < e->models.count; i++)
        model_add_failed(e->models.at[i]);
}
