/* The abstract syntax tree: what was written, with the range of every node. Python's own names. */
#ifndef AST_H
#define AST_H

#include "arena.h"
#include "source.h"

#include <stdio.h>

typedef struct Expr Expr;
typedef struct Stmt Stmt;
typedef Vec(Expr *) Exprs;
typedef Vec(Stmt *) Stmts;

typedef struct Name {
    const char *text;
    Span span;
} Name;
typedef Vec(Name) Names;

/* One `for target in iterable if condition ...` of a comprehension. */
typedef struct Comprehension {
    Expr *target, *iterable;
    Exprs conditions;
} Comprehension;
typedef Vec(Comprehension) Comprehensions;

/* A call's argument: positional when name.text is NULL; stars 1 for *args, 2 for **kwargs. */
typedef struct Argument {
    Name name;
    Expr *value;
    int stars;
} Argument;
typedef Vec(Argument) Arguments;

/* A parameter of def or lambda. */
typedef struct Parameter {
    Name name;
    Expr *fallback; /* default value, or NULL */
} Parameter;
typedef Vec(Parameter) Parameters;

/* One piece of an f-string: literal text, or {value:format}. */
typedef struct FStringPart {
    const char *text; /* when value is NULL */
    Expr *value;
    const char *format; /* after the colon, "" when there is none */
    char conversion;    /* 'r', 's' or 0 */
} FStringPart;
typedef Vec(FStringPart) FStringParts;

typedef enum Operator {
    /* binary */ OPERATOR_ADD,
    OPERATOR_SUB,
    OPERATOR_MUL,
    OPERATOR_DIV,
    OPERATOR_FLOORDIV,
    OPERATOR_MOD,
    OPERATOR_POW,
    OPERATOR_MATMUL,
    OPERATOR_BITAND,
    OPERATOR_BITOR,
    OPERATOR_BITXOR,
    OPERATOR_LSHIFT,
    OPERATOR_RSHIFT,
    /* comparison */ OPERATOR_EQ,
    OPERATOR_NE,
    OPERATOR_LT,
    OPERATOR_LE,
    OPERATOR_GT,
    OPERATOR_GE,
    OPERATOR_IN,
    OPERATOR_NOT_IN,
    OPERATOR_IS,
    OPERATOR_IS_NOT,
    /* boolean */ OPERATOR_AND,
    OPERATOR_OR,
    /* unary */ OPERATOR_NEG,
    OPERATOR_POS,
    OPERATOR_NOT,
    OPERATOR_INVERT,
} Operator;
typedef Vec(Operator) Operators;

const char *operator_text(Operator op); /* "+", "not in", ... */

typedef enum ExprKind {
    EXPR_ERROR, /* stands where the parser recovered; evaluates to an unknown value, quietly */
    EXPR_NONE,
    EXPR_BOOL,
    EXPR_INT,
    EXPR_FLOAT,
    EXPR_STR,
    EXPR_FSTRING,
    EXPR_ELLIPSIS,
    EXPR_NAME,
    EXPR_TUPLE,
    EXPR_LIST,
    EXPR_SET,
    EXPR_DICT,
    EXPR_UNARY,
    EXPR_BINARY,
    EXPR_BOOLEAN,
    EXPR_COMPARE,
    EXPR_CONDITIONAL,
    EXPR_CALL,
    EXPR_ATTRIBUTE,
    EXPR_SUBSCRIPT,
    EXPR_SLICE,
    EXPR_LAMBDA,
    EXPR_LIST_COMPREHENSION,
    EXPR_GENERATOR,
    EXPR_DICT_COMPREHENSION,
    EXPR_STARRED,
} ExprKind;

struct Expr {
    ExprKind kind;
    Span span;
    int depth; /* of the tree below: the parser bounds it, so that walks may recurse */
    union {
        bool boolean;
        int64_t integer;
        double number;
        struct {
            const char *text;
            size_t len;
        } str;
        FStringParts fstring;
        const char *name;
        Exprs items; /* TUPLE LIST SET */
        struct {
            Exprs keys, values;
        } dict;
        struct {
            Operator op;
            Expr *operand;
        } unary;
        struct {
            Operator op;
            Expr *left, *right;
            Span op_span;
        } binary; /* and BOOLEAN */
        struct {
            Expr *first;
            Operators ops;
            Exprs rest;
        } compare;
        struct {
            Expr *condition, *then, *otherwise;
        } conditional;
        struct {
            Expr *callee;
            Arguments args;
        } call;
        struct {
            Expr *object;
            Name name;
        } attribute;
        struct {
            Expr *object, *index;
        } subscript;
        struct {
            Expr *lower, *upper, *step;
        } slice; /* each may be NULL */
        struct {
            Parameters params;
            Expr *body;
        } lambda;
        struct {
            Expr *key, *element;
            Comprehensions clauses;
        } comprehension; /* key: DICT only */
        Expr *starred;
    } u;
};

typedef enum StmtKind {
    STMT_EXPR,
    STMT_ASSIGN,
    STMT_AUGMENTED_ASSIGN,
    STMT_IMPORT,
    STMT_FROM_IMPORT,
    STMT_FOR,
    STMT_IF,
    STMT_DEF,
    STMT_RETURN,
    STMT_ASSERT,
    STMT_PASS,
    STMT_BREAK,
    STMT_CONTINUE,
    STMT_DELETE,
    STMT_LOST, /* its text could not be read: whatever it names is not known from here on */
} StmtKind;

/* `import a.b as c`, or one name of `from m import a as c`; alias.text NULL without `as`. */
typedef struct ImportName {
    Name name, alias;
} ImportName;
typedef Vec(ImportName) ImportNames;

struct Stmt {
    StmtKind kind;
    Span span; /* of the header for compound statements */
    int depth; /* of the chain of elifs */
    union {
        Expr *expr; /* EXPR, RETURN (may be NULL) */
        struct {
            Exprs targets;
            Expr *value;
        } assign; /* a = b = value */
        struct {
            Expr *target;
            Operator op;
            Expr *value;
        } augmented;
        struct {
            Name module;
            ImportNames names;
            bool star;
        } import;
        struct {
            Expr *target, *iterable;
            Stmts body, otherwise;
        } loop;
        struct {
            Expr *condition;
            Stmts then, otherwise;
        } branch;
        struct {
            Name name;
            Parameters params;
            Stmts body;
        } def;
        struct {
            Expr *condition, *message;
        } assertion;
        Exprs deleted;
    } u;
};

typedef struct Ast {
    const Source *source;
    Stmts body;
    bool whole; /* nothing was left out that no STMT_LOST stands for: it can be evaluated */
} Ast;

#include "diag.h"

/* Parses the source into an Ast owned by `a`. Mistakes become diagnostics; the parser recovers at
 * statements and list elements, so an Ast is returned even then and checking may go on to find
 * more. */
Ast *parse(Arena *a, const Source *source, Diag *d);

/* What --emit ast shows: one node a line, indented, with its line:column range. */
void ast_dump(const Ast *ast, FILE *out);

#endif
