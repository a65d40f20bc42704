/* What is said about a token that does not fit: expected and found, in words. */
#include "parser_state.h"

#include <string.h>

typedef struct Cure {
    const char *word, *message, *help;
} Cure;

static const Cure statement_cures[] = {
    {"while", "kmodel files have no while", "a loop must be finite: for i in range(n)"},
    {"class", "kmodel files have no classes", "a block of layers is written as a def"},
    {"try", "kmodel files have no exceptions", "what can fail is reported while compiling"},
    {"except", "kmodel files have no exceptions", "what can fail is reported while compiling"},
    {"finally", "kmodel files have no exceptions", "what can fail is reported while compiling"},
    {"raise", "kmodel files have no exceptions", "state what must hold: assert condition, 'text'"},
    {"with", "kmodel files have no with", "write its block without it"},
    {"global", "kmodel files have no global", "pass the value as an argument and return it"},
    {"nonlocal", "kmodel files have no nonlocal", "pass the value as an argument and return it"},
    {"async", "kmodel files have no async", "write a plain def"},
    {"@", "kmodel files have no decorators", "leave the decorator out"},
};

static const Cure expression_cures[] = {
    {"yield", "kmodel files have no generators", "build a list and return it"},
    {"await", "kmodel files have no await", "leave it out"},
    {":=", "kmodel files have no ':='", "assign with '=' in a line of its own"},
};

static const Cure *find_cure(const Cure *cures, size_t count, const char *text, size_t len) {
    for (size_t i = 0; i < count; i++)
        if (strlen(cures[i].word) == len && memcmp(cures[i].word, text, len) == 0)
            return &cures[i];
    return NULL;
}

void unsupported_statement(Parser *p, Span keyword) {
    if (!report_here(p, keyword))
        return;
    const Cure *c = find_cure(statement_cures, COUNT_OF(statement_cures),
                              p->source->text + keyword.begin, keyword.end - keyword.begin);
    diag_error(p->diag, DIAG_unsupported_statement, keyword, "%s", c->message);
    diag_help(p->diag, "%s", c->help);
}

static bool contains(const char *const *names, int count, const char *name) {
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* "',' or ')'": what could stand here, leaving out everything that could go on with what is there
 * already, of which there is always much. */
static const char *expectation(Parser *p, const char *const *names, int count) {
    static const char *const listed[] = {"','", "')'", "']'", "'}'", "'else'", "'import'", "'('"};
    if (contains(names, count, "a number"))
        return contains(names, count, "'assert'") ? "a statement" : "an expression";
    if (contains(names, count, "end of line"))
        return "the end of the line";
    if (contains(names, count, "end of file")) /* of an f-string's field */
        return "'}'";
    if (contains(names, count, "a name"))
        return "a name";
    bool compares = contains(names, count, "COMPARISON"); /* then 'in' is an operator */
    const char *text = NULL, *last = NULL;
    if (contains(names, count, "':'"))
        last = "':'";
    else if (contains(names, count, "'in'") && !compares)
        last = "'in'";
    for (size_t i = 0; i < COUNT_OF(listed); i++) {
        bool bracket = p->layout.brackets.count > 0 && i < 4;
        if (!contains(names, count, listed[i]) || (last && !bracket))
            continue;
        text = !last ? text : text ? arena_printf(p->arena, "%s, %s", text, last) : last;
        last = listed[i];
    }
    if (!last)
        return "something else";
    return text ? arena_printf(p->arena, "%s or %s", text, last) : last;
}

static const char *found_text(Parser *p, Span span, const char *name) {
    static const char *const nameless[] = {"end of file", "end of line", "indentation",
                                           "end of block"};
    if (contains(nameless, COUNT_OF(nameless), name) || span.begin == span.end)
        return arena_printf(p->arena, "the %s",
                            span.begin == span.end && *name == '\'' ? "end" : name);
    const char *text = p->source->text + span.begin;
    int len = (int)(span.end - span.begin);
    if (strcmp(name, "a string") == 0 && (len > 24 || memchr(text, '\n', (size_t)len)))
        return "a string";
    return arena_printf(p->arena, len > 40 ? "'%.*s...'" : "'%.*s'", len > 40 ? 40 : len, text);
}

/* Shows the bracket around the place if the mistake may be that it is not closed. */
static void note_bracket(Parser *p, const char *expected) {
    const Layout *l = &p->layout;
    if (l->brackets.count == 0)
        return;
    const Bracket *b = &l->brackets.at[l->brackets.count - 1];
    if (strstr(expected, (char[]){'\'', bracket_closer(b->opener), '\'', 0}))
        diag_note(p->diag, (Span){b->offset, b->offset + 1}, "'%c' is opened here", b->opener);
}

static bool first_word_is(const Parser *p, const char *word) {
    Span first = p->layout.first.span;
    return first.end - first.begin == strlen(word) &&
           memcmp(p->source->text + first.begin, word, strlen(word)) == 0;
}

/* What is around code where it was copied from. */
static const char *around_code(const char *found, const char *expected) {
    if (strcmp(expected, "a statement") != 0)
        return NULL;
    if (strcmp(found, "RSHIFT") == 0)
        return "'>>>' is the prompt of an interactive session: leave it out";
    return strcmp(found, "'%'") == 0 ? "a line with '%' is a command of the notebook: leave it out"
                                     : NULL;
}

/* What helps against the usual slips. NULL: nothing comes to mind. */
static const char *slip(const Parser *p, const char *found, const char *expected) {
    if (around_code(found, expected))
        return around_code(found, expected);
    bool operand = strcmp(found, "a name") == 0 || strcmp(found, "a number") == 0 ||
                   strcmp(found, "a string") == 0;
    if (strcmp(found, "'='") == 0 && !strstr(expected, "expression"))
        return "'==' compares; '=' assigns to a name";
    if (operand && strstr(expected, "','"))
        return "is a comma missing before it?";
    if (strcmp(found, "':'") == 0 && strstr(expected, "','") && strstr(expected, "')'"))
        return "an argument is given as name=value";
    if (operand && strcmp(expected, "the end of the line") == 0 && first_word_is(p, "print"))
        return "print is a function: print(...)";
    if (strcmp(expected, "a name") != 0)
        return NULL;
    if (strcmp(found, "'*'") == 0 || strcmp(found, "POWER") == 0)
        return "functions here have named parameters only";
    return strcmp(found, "'.'") == 0 ? "import by the module's whole name" : NULL;
}

static void explain(Parser *p, Span span, const char *found, const char *expected) {
    diag_error(p->diag, DIAG_syntax, span, "expected %s, found %s", expected,
               found_text(p, span, found));
    note_bracket(p, expected);
    const char *help = slip(p, found, expected);
    if (help)
        diag_help(p->diag, "%s", help);
}

void syntax_error(Parser *p, Span span, const char *found, const char *const *names, int count) {
    Layout *l = &p->layout;
    const char *text = p->source->text + span.begin;
    size_t len = span.end - span.begin;
    bool opener =
        strcmp(found, "'('") == 0 || strcmp(found, "'['") == 0 || strcmp(found, "'{'") == 0;
    p->recovering = true;
    p->recovery_depth = l->brackets.count - (opener && l->brackets.count > 0);
    if (find_cure(statement_cures, COUNT_OF(statement_cures), text, len) && *text != '@') {
        unsupported_statement(p, span);
        return;
    }
    if (!report_here(p, span))
        return;
    const Cure *c = find_cure(expression_cures, COUNT_OF(expression_cures), text, len);
    if (c) {
        diag_error(p->diag, DIAG_unsupported_expression, span, "%s", c->message);
        diag_help(p->diag, "%s", c->help);
        return;
    }
    explain(p, span, found, expectation(p, names, count));
}

/* Bison's own complaint: its stack is full. */
void yyerror(const Span *span, Parser *p, const char *message) {
    (void)message;
    p->ast->whole = false;
    if (report_here(p, *span))
        diag_error(p->diag, DIAG_nested_too_deeply, *span, "nested too deeply to be read");
}
