/* Python's rules beside its grammar: what can be assigned to, and the order of arguments. */
#include "parser_state.h"

#include <string.h>

static const char *kind_text(ExprKind kind) {
    switch (kind) {
    case EXPR_CALL:
        return "a call";
    case EXPR_COMPARE:
        return "a comparison";
    case EXPR_NONE:
        return "None";
    case EXPR_BOOL:
        return "True or False";
    case EXPR_INT:
    case EXPR_FLOAT:
        return "a number";
    case EXPR_STR:
    case EXPR_FSTRING:
        return "a string";
    case EXPR_LAMBDA:
        return "a lambda";
    case EXPR_CONDITIONAL:
        return "a conditional expression";
    case EXPR_LIST_COMPREHENSION:
    case EXPR_GENERATOR:
    case EXPR_DICT_COMPREHENSION:
        return "a comprehension";
    default:
        return "an expression";
    }
}

void check_target(Parser *p, const Expr *target, const char *verb) {
    switch (target->kind) {
    case EXPR_NAME:
    case EXPR_ATTRIBUTE:
    case EXPR_SUBSCRIPT:
    case EXPR_ERROR:
        return;
    case EXPR_STARRED:
        check_target(p, target->u.starred, verb);
        return;
    case EXPR_TUPLE:
    case EXPR_LIST:
        for (size_t i = 0; i < target->u.items.count; i++)
            check_target(p, target->u.items.at[i], verb);
        return;
    default:
        break;
    }
    if (!report_here(p, target->span))
        return;
    diag_error(p->diag, DIAG_not_assignable, target->span, "cannot %s %s", verb,
               kind_text(target->kind));
    if (strcmp(verb, "assign to") == 0)
        diag_help(p->diag, target->kind == EXPR_COMPARE || target->kind == EXPR_CALL
                               ? "'==' compares; '=' assigns to a name"
                               : "a name stands on the left of '=', the value on the right");
}

/* Errors of order are silent where text between the arguments was already reported. */
static bool already_reported(const Parser *p, Span span) {
    return p->reported > 0 && p->reported_at >= span.begin;
}

static void order_error(Parser *p, const Argument *arg, const Argument *before) {
    if (already_reported(p, before->value->span) || !report_here(p, arg->value->span))
        return;
    diag_error(p->diag, DIAG_bad_arguments, arg->value->span,
               "a positional argument follows a keyword argument");
    diag_note(p->diag, before->name.text ? before->name.span : before->value->span,
              "this argument is given by keyword");
    diag_help(p->diag, "give this one by keyword too, or move it to the front");
}

static bool is_repeated(Parser *p, Arguments args, size_t last) {
    const Name *name = &args.at[last].name;
    for (size_t i = 0; i < last; i++) {
        const Name *other = &args.at[i].name;
        if (!other->text || strcmp(other->text, name->text) != 0)
            continue;
        if (report_here(p, name->span)) {
            diag_error(p->diag, DIAG_bad_arguments, name->span, "argument '%s' is given twice",
                       name->text);
            diag_note(p->diag, other->span, "first given here");
        }
        return true;
    }
    return false;
}

/* The second of two of one name is left out, so that binding does not report it again. */
Arguments arguments_checked(Parser *p, Arguments args) {
    const Argument *keyword = NULL;
    size_t kept = 0;
    for (size_t i = 0; i < args.count; i++) {
        const Argument *arg = &args.at[kept];
        args.at[kept] = args.at[i];
        bool by_keyword = arg->name.text || arg->stars == 2;
        if (arg->name.text && kept < 256 && is_repeated(p, args, kept))
            continue; /* quadratic; a call of more is no model */
        kept++;
        if (keyword && !by_keyword && arg->stars == 0 && arg->value->kind != EXPR_ERROR)
            order_error(p, arg, keyword);
        if (by_keyword)
            keyword = arg;
        bool bare =
            arg->value->kind == EXPR_GENERATOR && p->source->text[arg->value->span.begin] != '(';
        if (bare && args.count > 1 && report_here(p, arg->value->span)) {
            diag_error(p->diag, DIAG_bad_arguments, arg->value->span,
                       "a generator among other arguments needs parentheses");
            diag_help(p->diag, "write [...] around it");
        }
    }
    args.count = kept;
    return args;
}

Parameters parameters_checked(Parser *p, Parameters params) {
    const Parameter *optional = NULL;
    Parameters kept = {0};
    for (size_t i = 0; i < params.count; i++) {
        const Parameter *param = &params.at[i];
        if (!param->name.text) /* the parser recovered here */
            continue;
        for (size_t k = 0; k < kept.count && k < 256; k++)
            if (strcmp(kept.at[k].name.text, param->name.text) == 0 &&
                report_here(p, param->name.span)) {
                diag_error(p->diag, DIAG_bad_parameters, param->name.span,
                           "parameter '%s' stands here twice", param->name.text);
                diag_note(p->diag, kept.at[k].name.span, "first here");
            }
        if (optional && !param->fallback && report_here(p, param->name.span)) {
            diag_error(p->diag, DIAG_bad_parameters, param->name.span,
                       "parameter '%s' without a default follows one with a default",
                       param->name.text);
            diag_note(p->diag, optional->name.span, "this one has a default");
        }
        optional = param->fallback ? param : optional;
        vec_push(p->arena, &kept, *param);
    }
    return kept;
}
