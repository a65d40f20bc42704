/* --emit ast: one node a line, indented, with its line:column range. */
#include "ast.h"

#include <string.h>

typedef struct Dump {
    const Source *source;
    FILE *out;
    int depth;
} Dump;

static const char *const operator_texts[] = {
    [OPERATOR_ADD] = "+",     [OPERATOR_SUB] = "-",         [OPERATOR_MUL] = "*",
    [OPERATOR_DIV] = "/",     [OPERATOR_FLOORDIV] = "//",   [OPERATOR_MOD] = "%",
    [OPERATOR_POW] = "**",    [OPERATOR_MATMUL] = "@",      [OPERATOR_BITAND] = "&",
    [OPERATOR_BITOR] = "|",   [OPERATOR_BITXOR] = "^",      [OPERATOR_LSHIFT] = "<<",
    [OPERATOR_RSHIFT] = ">>", [OPERATOR_EQ] = "==",         [OPERATOR_NE] = "!=",
    [OPERATOR_LT] = "<",      [OPERATOR_LE] = "<=",         [OPERATOR_GT] = ">",
    [OPERATOR_GE] = ">=",     [OPERATOR_IN] = "in",         [OPERATOR_NOT_IN] = "not in",
    [OPERATOR_IS] = "is",     [OPERATOR_IS_NOT] = "is not", [OPERATOR_AND] = "and",
    [OPERATOR_OR] = "or",     [OPERATOR_NEG] = "-",         [OPERATOR_POS] = "+",
    [OPERATOR_NOT] = "not",   [OPERATOR_INVERT] = "~",
};

const char *operator_text(Operator op) {
    return operator_texts[op];
}

static const char *const expr_names[] = {
    [EXPR_ERROR] = "error",         [EXPR_NONE] = "none",
    [EXPR_BOOL] = "bool",           [EXPR_INT] = "int",
    [EXPR_FLOAT] = "float",         [EXPR_STR] = "str",
    [EXPR_FSTRING] = "fstring",     [EXPR_ELLIPSIS] = "ellipsis",
    [EXPR_NAME] = "name",           [EXPR_TUPLE] = "tuple",
    [EXPR_LIST] = "list",           [EXPR_SET] = "set",
    [EXPR_DICT] = "dict",           [EXPR_UNARY] = "unary",
    [EXPR_BINARY] = "binary",       [EXPR_BOOLEAN] = "boolean",
    [EXPR_COMPARE] = "compare",     [EXPR_CONDITIONAL] = "conditional",
    [EXPR_CALL] = "call",           [EXPR_ATTRIBUTE] = "attribute",
    [EXPR_SUBSCRIPT] = "subscript", [EXPR_SLICE] = "slice",
    [EXPR_LAMBDA] = "lambda",       [EXPR_LIST_COMPREHENSION] = "list comprehension",
    [EXPR_GENERATOR] = "generator", [EXPR_DICT_COMPREHENSION] = "dict comprehension",
    [EXPR_STARRED] = "starred",
};

static const char *const stmt_names[] = {
    [STMT_EXPR] = "expression",
    [STMT_ASSIGN] = "assign",
    [STMT_AUGMENTED_ASSIGN] = "augmented assign",
    [STMT_IMPORT] = "import",
    [STMT_FROM_IMPORT] = "from import",
    [STMT_FOR] = "for",
    [STMT_IF] = "if",
    [STMT_DEF] = "def",
    [STMT_RETURN] = "return",
    [STMT_ASSERT] = "assert",
    [STMT_PASS] = "pass",
    [STMT_BREAK] = "break",
    [STMT_CONTINUE] = "continue",
    [STMT_DELETE] = "delete",
    [STMT_LOST] = "lost",
};

static void put_indent(const Dump *d) {
    fprintf(d->out, "%*s", 2 * d->depth, "");
}

static void put_span(const Dump *d, Span span) {
    Position from = source_position(d->source, span.begin);
    Position to = source_position(d->source, span.end);
    fprintf(d->out, "  [%u:%u-%u:%u]\n", from.line, from.column, to.line, to.column);
}

static void put_title(const Dump *d, const char *title) {
    put_indent(d);
    fprintf(d->out, "%s:\n", title);
}

static void put_quoted(const char *text, size_t len, FILE *out) {
    fputs(" '", out);
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '\'' || c == '\\')
            fprintf(out, "\\%c", c);
        else if (c == '\n')
            fputs("\\n", out);
        else if (c < 0x20 || c == 0x7F)
            fprintf(out, "\\x%02x", c);
        else
            fputc(c, out);
    }
    fputc('\'', out);
}

/* What stands on the node's own line behind its name. */
static void put_detail(const Expr *e, FILE *out) {
    switch (e->kind) {
    case EXPR_BOOL:
        fputs(e->u.boolean ? " True" : " False", out);
        break;
    case EXPR_INT:
        fprintf(out, " %lld", (long long)e->u.integer);
        break;
    case EXPR_FLOAT:
        fprintf(out, " %.17g", e->u.number);
        break;
    case EXPR_STR:
        put_quoted(e->u.str.text, e->u.str.len, out);
        break;
    case EXPR_NAME:
        fprintf(out, " %s", e->u.name);
        break;
    case EXPR_UNARY:
        fprintf(out, " %s", operator_text(e->u.unary.op));
        break;
    case EXPR_BINARY:
    case EXPR_BOOLEAN:
        fprintf(out, " %s", operator_text(e->u.binary.op));
        break;
    case EXPR_COMPARE:
        for (size_t i = 0; i < e->u.compare.ops.count; i++)
            fprintf(out, " %s", operator_text(e->u.compare.ops.at[i]));
        break;
    case EXPR_ATTRIBUTE:
        fprintf(out, " %s", e->u.attribute.name.text);
        break;
    default:
        break;
    }
}

static void put_expr(Dump *d, const Expr *e);

static void put_exprs(Dump *d, Exprs list) {
    for (size_t i = 0; i < list.count; i++)
        put_expr(d, list.at[i]);
}

static void put_titled(Dump *d, const char *title, const Expr *e) {
    if (!e)
        return;
    put_title(d, title);
    d->depth++;
    put_expr(d, e);
    d->depth--;
}

static void put_parameters(Dump *d, Parameters params) {
    for (size_t i = 0; i < params.count; i++) {
        put_indent(d);
        fprintf(d->out, "parameter %s", params.at[i].name.text);
        put_span(d, params.at[i].name.span);
        put_titled(d, "default", params.at[i].fallback);
    }
}

static void put_arguments(Dump *d, Arguments args) {
    for (size_t i = 0; i < args.count; i++) {
        const Argument *arg = &args.at[i];
        if (arg->name.text)
            put_titled(d, arg->name.text, arg->value);
        else if (arg->stars)
            put_titled(d, arg->stars == 2 ? "**" : "*", arg->value);
        else
            put_expr(d, arg->value);
    }
}

static void put_clauses(Dump *d, Comprehensions clauses) {
    for (size_t i = 0; i < clauses.count; i++) {
        put_titled(d, "for", clauses.at[i].target);
        put_titled(d, "in", clauses.at[i].iterable);
        for (size_t k = 0; k < clauses.at[i].conditions.count; k++)
            put_titled(d, "if", clauses.at[i].conditions.at[k]);
    }
}

static void put_fstring(Dump *d, FStringParts parts) {
    for (size_t i = 0; i < parts.count; i++) {
        const FStringPart *part = &parts.at[i];
        put_indent(d);
        if (!part->value) {
            fputs("text", d->out);
            put_quoted(part->text, strlen(part->text), d->out);
            fputc('\n', d->out);
            continue;
        }
        fputs("field", d->out);
        if (part->conversion)
            fprintf(d->out, " !%c", part->conversion);
        if (*part->format)
            fprintf(d->out, " :%s", part->format);
        fputc('\n', d->out);
        d->depth++;
        put_expr(d, part->value);
        d->depth--;
    }
}

static void put_children(Dump *d, const Expr *e) {
    switch (e->kind) {
    case EXPR_FSTRING:
        put_fstring(d, e->u.fstring);
        break;
    case EXPR_TUPLE:
    case EXPR_LIST:
    case EXPR_SET:
        put_exprs(d, e->u.items);
        break;
    case EXPR_DICT:
        for (size_t i = 0; i < e->u.dict.keys.count; i++) {
            put_titled(d, "key", e->u.dict.keys.at[i]);
            put_titled(d, "value", e->u.dict.values.at[i]);
        }
        break;
    case EXPR_UNARY:
        put_expr(d, e->u.unary.operand);
        break;
    case EXPR_BINARY:
    case EXPR_BOOLEAN:
        put_expr(d, e->u.binary.left);
        put_expr(d, e->u.binary.right);
        break;
    case EXPR_COMPARE:
        put_expr(d, e->u.compare.first);
        put_exprs(d, e->u.compare.rest);
        break;
    case EXPR_CONDITIONAL:
        put_titled(d, "if", e->u.conditional.condition);
        put_titled(d, "then", e->u.conditional.then);
        put_titled(d, "else", e->u.conditional.otherwise);
        break;
    case EXPR_CALL:
        put_expr(d, e->u.call.callee);
        put_arguments(d, e->u.call.args);
        break;
    case EXPR_ATTRIBUTE:
        put_expr(d, e->u.attribute.object);
        break;
    case EXPR_SUBSCRIPT:
        put_expr(d, e->u.subscript.object);
        put_expr(d, e->u.subscript.index);
        break;
    case EXPR_SLICE:
        put_titled(d, "lower", e->u.slice.lower);
        put_titled(d, "upper", e->u.slice.upper);
        put_titled(d, "step", e->u.slice.step);
        break;
    case EXPR_LAMBDA:
        put_parameters(d, e->u.lambda.params);
        put_expr(d, e->u.lambda.body);
        break;
    case EXPR_LIST_COMPREHENSION:
    case EXPR_GENERATOR:
    case EXPR_DICT_COMPREHENSION:
        put_titled(d, "key", e->u.comprehension.key);
        put_expr(d, e->u.comprehension.element);
        put_clauses(d, e->u.comprehension.clauses);
        break;
    case EXPR_STARRED:
        put_expr(d, e->u.starred);
        break;
    default:
        break;
    }
}

static void put_expr(Dump *d, const Expr *e) {
    put_indent(d);
    fputs(expr_names[e->kind], d->out);
    put_detail(e, d->out);
    put_span(d, e->span);
    d->depth++;
    put_children(d, e);
    d->depth--;
}

static void put_stmts(Dump *d, const char *title, Stmts list);

static void put_import(Dump *d, const Stmt *s) {
    for (size_t i = 0; i < s->u.import.names.count; i++) {
        const ImportName *name = &s->u.import.names.at[i];
        put_indent(d);
        fprintf(d->out, "%s%s%s", name->name.text, name->alias.text ? " as " : "",
                name->alias.text ? name->alias.text : "");
        put_span(d, name->name.span);
    }
}

static void put_stmt_detail(const Stmt *s, FILE *out) {
    if (s->kind == STMT_AUGMENTED_ASSIGN)
        fprintf(out, " %s=", operator_text(s->u.augmented.op));
    else if (s->kind == STMT_FROM_IMPORT)
        fprintf(out, " %s%s", s->u.import.module.text, s->u.import.star ? " *" : "");
    else if (s->kind == STMT_DEF)
        fprintf(out, " %s", s->u.def.name.text);
}

static void put_stmt_children(Dump *d, const Stmt *s) {
    switch (s->kind) {
    case STMT_EXPR:
    case STMT_RETURN:
        if (s->u.expr)
            put_expr(d, s->u.expr);
        break;
    case STMT_ASSIGN:
        put_exprs(d, s->u.assign.targets);
        put_expr(d, s->u.assign.value);
        break;
    case STMT_AUGMENTED_ASSIGN:
        put_expr(d, s->u.augmented.target);
        put_expr(d, s->u.augmented.value);
        break;
    case STMT_IMPORT:
    case STMT_FROM_IMPORT:
        put_import(d, s);
        break;
    case STMT_FOR:
        put_expr(d, s->u.loop.target);
        put_titled(d, "in", s->u.loop.iterable);
        put_stmts(d, "body", s->u.loop.body);
        put_stmts(d, "else", s->u.loop.otherwise);
        break;
    case STMT_IF:
        put_expr(d, s->u.branch.condition);
        put_stmts(d, "then", s->u.branch.then);
        put_stmts(d, "else", s->u.branch.otherwise);
        break;
    case STMT_DEF:
        put_parameters(d, s->u.def.params);
        put_stmts(d, "body", s->u.def.body);
        break;
    case STMT_ASSERT:
        put_expr(d, s->u.assertion.condition);
        put_titled(d, "message", s->u.assertion.message);
        break;
    case STMT_DELETE:
        put_exprs(d, s->u.deleted);
        break;
    case STMT_PASS:
    case STMT_BREAK:
    case STMT_CONTINUE:
    case STMT_LOST:
        break;
    }
}

static void put_stmt(Dump *d, const Stmt *s) {
    put_indent(d);
    fputs(stmt_names[s->kind], d->out);
    put_stmt_detail(s, d->out);
    put_span(d, s->span);
    d->depth++;
    put_stmt_children(d, s);
    d->depth--;
}

static void put_stmts(Dump *d, const char *title, Stmts list) {
    if (list.count == 0)
        return;
    put_title(d, title);
    d->depth++;
    for (size_t i = 0; i < list.count; i++)
        put_stmt(d, list.at[i]);
    d->depth--;
}

void ast_dump(const Ast *ast, FILE *out) {
    Dump d = {.source = ast->source, .out = out};
    for (size_t i = 0; i < ast->body.count; i++)
        put_stmt(&d, ast->body.at[i]);
}
