/* The language: Python's grammar, as far as docs/language.md takes it. Actions build one node each
 * (src/parse/build*.c); brackets, indentation and skipping after errors are layout.c's. */

%code requires {
#include "ast.h"
typedef struct Parser Parser;

/* Items between commas: a last comma makes a tuple of one. */
typedef struct Elements {
    Exprs items;
    bool comma;
} Elements;
}

%code {
#include "parse/parser_state.h"

#define YYLLOC_DEFAULT(result, rhs, n)                                                             \
    (result) = (n) ? (Span){YYRHSLOC(rhs, 1).begin, YYRHSLOC(rhs, n).end}                          \
                   : (Span){YYRHSLOC(rhs, 0).end, YYRHSLOC(rhs, 0).end}
#define A p->arena

int yylex(YYSTYPE *value, Span *span, Parser *p); /* layout.c */
}

%define api.pure full
%define api.location.type {Span}
%define api.token.prefix {TOKEN_}
%define parse.error custom
%define parse.lac full
%locations
%param {Parser *p}
%expect 0

%union {
    Expr *expr;
    Exprs exprs;
    Elements elements;
    Stmt *stmt;
    Stmts stmts;
    Argument argument;
    Arguments arguments;
    Parameter parameter;
    Parameters parameters;
    Comprehension clause;
    Comprehensions clauses;
    DictItems dict;
    ImportName import;
    ImportNames imports;
    Name name;
    Operator op;
    const char *text;
}

%code requires {
typedef struct DictItems {
    Exprs keys, values;
} DictItems;
}

%token END 0 "end of file" NEWLINE "end of line" INDENT "indentation" DEDENT "end of block"
%token START_FILE START_EXPRESSION
%token <name> NAME "a name"
%token <expr> NUMBER "a number" STRING "a string"
%token <op> COMPARISON AUGMENTED
%token <text> UNSUPPORTED YIELD
%token FLOORDIV POWER LSHIFT RSHIFT ARROW WALRUS ELLIPSIS
%token AND AS ASSERT "'assert'" BREAK CONTINUE DEF DEL ELIF ELSE "'else'" FALSE FOR FROM IF
%token IMPORT "'import'" IN "'in'" IS LAMBDA NONE NOT OR PASS RETURN TRUE

%left '|'
%left '^'
%left '&'
%left LSHIFT RSHIFT
%left '+' '-'
%left '*' '/' '%' '@' FLOORDIV
%precedence UNARY
%right POWER

%type <stmts> statements statement simple_line simples block alternatives otherwise
%type <stmt> simple compound
%type <expr> testlist test conditional or_test and_test not_test comparison expr primary atom
%type <expr> element item subscript slice_item maybe_test message targets strings
%type <exprs> elements items subscripts chain target_items conditions
%type <elements> listing bracketed
%type <op> comparator
%type <argument> argument
%type <arguments> arguments argument_list
%type <parameter> parameter lambda_parameter
%type <parameters> parameters parameter_list lambda_parameters lambda_parameter_list
%type <clause> clause
%type <clauses> clauses
%type <dict> dict_items dict_item
%type <import> module_as name_as
%type <imports> modules_as names_as
%type <name> dotted_name

%%

start: START_FILE statements END        { p->ast->body = $2; }
     | START_EXPRESSION testlist END    { p->expression = $2; }
     | START_EXPRESSION error END       { p->expression = expr_error(p, @2); }
     ;

/* Statements */

statements: %empty                      { $$ = (Stmts){0}; }
    | statements statement              { $$ = stmts_join(p, $1, $2); }
    ;
statement: simple_line
    | compound                          { $$ = stmts_of(p, $1); }
    | error NEWLINE                     { $$ = stmts_lost(p, @$); yyerrok; }
    | error NEWLINE INDENT statements DEDENT alternatives
                                        { $$ = stmts_lost(p, @$); yyerrok; }
    | DEF NAME '(' parameters ')' error NEWLINE
                                        { $$ = stmts_lost(p, @$); yyerrok; }
    | DEF NAME '(' parameters ')' error NEWLINE INDENT statements DEDENT
                                        { $$ = stmts_lost(p, @$); yyerrok; }
    ;
simple_line: simples NEWLINE
    | simples ';' NEWLINE
    ;
simples: simple                         { $$ = stmts_of(p, $1); }
    | simples ';' simple                { $$ = stmts_join(p, $1, stmts_of(p, $3)); }
    ;
simple: testlist                        { $$ = stmt_expr(p, STMT_EXPR, $1, @$); }
    | chain                             { $$ = stmt_assign(p, $1, @$); }
    | testlist AUGMENTED testlist       { $$ = stmt_augmented(p, $1, $2, $3, @$); }
    | testlist ':' test                 { $$ = stmt_annotated(p, $1, NULL, @$); }
    | testlist ':' test '=' testlist    { $$ = stmt_annotated(p, $1, $5, @$); }
    | ASSERT test message               { $$ = stmt_assert(p, $2, $3, @$); }
    | IMPORT modules_as                 { $$ = stmt_import(p, $2, @$); }
    | FROM dotted_name IMPORT '*'       { $$ = stmt_from(p, $2, (ImportNames){0}, @$); }
    | FROM dotted_name IMPORT names_as  { $$ = stmt_from(p, $2, $4, @$); }
    | FROM dotted_name IMPORT '(' names_as ')'      { $$ = stmt_from(p, $2, $5, @$); }
    | FROM dotted_name IMPORT '(' names_as ',' ')'  { $$ = stmt_from(p, $2, $5, @$); }
    | RETURN                            { $$ = stmt_expr(p, STMT_RETURN, NULL, @$); }
    | RETURN testlist                   { $$ = stmt_expr(p, STMT_RETURN, $2, @$); }
    | DEL testlist                      { $$ = stmt_delete(p, $2, @$); }
    | PASS                              { $$ = stmt_new(p, STMT_PASS, @$); }
    | BREAK                             { $$ = stmt_new(p, STMT_BREAK, @$); }
    | CONTINUE                          { $$ = stmt_new(p, STMT_CONTINUE, @$); }
    ;
chain: testlist '=' testlist            { $$ = exprs_of(p, $1); vec_push(A, &$$, $3); }
    | chain '=' testlist                { $$ = $1; vec_push(A, &$$, $3); }
    ;
message: %empty                         { $$ = NULL; }
    | ',' test                          { $$ = $2; }
    ;

compound: IF test ':' block alternatives
                                        { $$ = stmt_if(p, $2, $4, $5, span_join(@1, @3)); }
    | FOR targets IN testlist ':' block otherwise
                                        { $$ = stmt_for(p, $2, $4, $6, $7, span_join(@1, @5)); }
    | DEF NAME '(' parameters ')' result ':' block
                                        { $$ = stmt_def(p, $2, $4, $8, span_join(@1, @7)); }
    ;
alternatives: otherwise
    | ELIF test ':' block alternatives  { $$ = stmts_of(p, stmt_if(p, $2, $4, $5, span_join(@1, @3))); }
    ;
otherwise: %empty                       { $$ = (Stmts){0}; }
    | ELSE ':' block                    { $$ = $3; }
    ;
block: simple_line
    | NEWLINE INDENT statements DEDENT  { $$ = $3; }
    ;
result: %empty
    | ARROW test
    ;

/* Imports */

dotted_name: NAME
    | dotted_name '.' NAME              { $$ = name_dotted(p, $1, $3); }
    ;
module_as: dotted_name                  { $$ = (ImportName){.name = $1}; }
    | dotted_name AS NAME               { $$ = (ImportName){.name = $1, .alias = $3}; }
    ;
modules_as: module_as                   { $$ = (ImportNames){0}; vec_push(A, &$$, $1); }
    | modules_as ',' module_as          { $$ = $1; vec_push(A, &$$, $3); }
    ;
name_as: NAME                           { $$ = (ImportName){.name = $1}; }
    | NAME AS NAME                      { $$ = (ImportName){.name = $1, .alias = $3}; }
    ;
names_as: name_as                       { $$ = (ImportNames){0}; vec_push(A, &$$, $1); }
    | names_as ',' name_as              { $$ = $1; vec_push(A, &$$, $3); }
    ;

/* Parameters */

parameters: %empty                      { $$ = (Parameters){0}; }
    | parameter_list                    { $$ = parameters_checked(p, $1); }
    | parameter_list ','                { $$ = parameters_checked(p, $1); }
    ;
parameter_list: parameter               { $$ = (Parameters){0}; vec_push(A, &$$, $1); }
    | parameter_list ',' parameter      { $$ = $1; vec_push(A, &$$, $3); }
    ;
parameter: NAME                         { $$ = (Parameter){$1, NULL}; }
    | NAME ':' test                     { $$ = (Parameter){$1, NULL}; }
    | NAME '=' test                     { $$ = (Parameter){$1, $3}; }
    | NAME ':' test '=' test            { $$ = (Parameter){$1, $5}; }
    | error                             { $$ = (Parameter){0}; recovered(p); }
    ;
lambda_parameters: %empty               { $$ = (Parameters){0}; }
    | lambda_parameter_list             { $$ = parameters_checked(p, $1); }
    | lambda_parameter_list ','         { $$ = parameters_checked(p, $1); }
    ;
lambda_parameter_list: lambda_parameter { $$ = (Parameters){0}; vec_push(A, &$$, $1); }
    | lambda_parameter_list ',' lambda_parameter    { $$ = $1; vec_push(A, &$$, $3); }
    ;
lambda_parameter: NAME                  { $$ = (Parameter){$1, NULL}; }
    | NAME '=' test                     { $$ = (Parameter){$1, $3}; }
    ;

/* Expressions, loosest first */

testlist: listing                       { $$ = expr_group(p, $1, @$); } ;
listing: elements                       { $$ = (Elements){$1, false}; }
    | elements ','                      { $$ = (Elements){$1, true}; }
    ;
elements: element                       { $$ = exprs_of(p, $1); }
    | elements ',' element              { $$ = $1; vec_push(A, &$$, $3); }
    ;
element: test
    | '*' expr                          { $$ = expr_starred(p, $2, @$); }
    ;
test: conditional
    | LAMBDA lambda_parameters ':' test { $$ = expr_lambda(p, $2, $4, @$); }
    ;
conditional: or_test
    | or_test IF or_test ELSE test      { $$ = expr_conditional(p, $3, $1, $5, @$); }
    ;
or_test: and_test
    | or_test OR and_test               { $$ = expr_boolean(p, OPERATOR_OR, $1, $3, @2, @$); }
    ;
and_test: not_test
    | and_test AND not_test             { $$ = expr_boolean(p, OPERATOR_AND, $1, $3, @2, @$); }
    ;
not_test: comparison
    | NOT not_test                      { $$ = expr_unary(p, OPERATOR_NOT, $2, @$); }
    ;
comparison: expr
    | comparison comparator expr        { $$ = expr_compare(p, $1, $2, $3, @1, @$); }
    ;
comparator: COMPARISON
    | IN                                { $$ = OPERATOR_IN; }
    | NOT IN                            { $$ = OPERATOR_NOT_IN; }
    | IS                                { $$ = OPERATOR_IS; }
    | IS NOT                            { $$ = OPERATOR_IS_NOT; }
    ;
expr: primary
    | expr '|' expr                     { $$ = expr_binary(p, OPERATOR_BITOR, $1, $3, @2, @$); }
    | expr '^' expr                     { $$ = expr_binary(p, OPERATOR_BITXOR, $1, $3, @2, @$); }
    | expr '&' expr                     { $$ = expr_binary(p, OPERATOR_BITAND, $1, $3, @2, @$); }
    | expr LSHIFT expr                  { $$ = expr_binary(p, OPERATOR_LSHIFT, $1, $3, @2, @$); }
    | expr RSHIFT expr                  { $$ = expr_binary(p, OPERATOR_RSHIFT, $1, $3, @2, @$); }
    | expr '+' expr                     { $$ = expr_binary(p, OPERATOR_ADD, $1, $3, @2, @$); }
    | expr '-' expr                     { $$ = expr_binary(p, OPERATOR_SUB, $1, $3, @2, @$); }
    | expr '*' expr                     { $$ = expr_binary(p, OPERATOR_MUL, $1, $3, @2, @$); }
    | expr '/' expr                     { $$ = expr_binary(p, OPERATOR_DIV, $1, $3, @2, @$); }
    | expr '%' expr                     { $$ = expr_binary(p, OPERATOR_MOD, $1, $3, @2, @$); }
    | expr '@' expr                     { $$ = expr_binary(p, OPERATOR_MATMUL, $1, $3, @2, @$); }
    | expr FLOORDIV expr                { $$ = expr_binary(p, OPERATOR_FLOORDIV, $1, $3, @2, @$); }
    | expr POWER expr                   { $$ = expr_binary(p, OPERATOR_POW, $1, $3, @2, @$); }
    | '-' expr %prec UNARY              { $$ = expr_unary(p, OPERATOR_NEG, $2, @$); }
    | '+' expr %prec UNARY              { $$ = expr_unary(p, OPERATOR_POS, $2, @$); }
    | '~' expr %prec UNARY              { $$ = expr_unary(p, OPERATOR_INVERT, $2, @$); }
    ;
primary: atom
    | primary '.' NAME                  { $$ = expr_attribute(p, $1, $3, @$); }
    | primary '(' arguments ')'         { $$ = expr_call(p, $1, $3, @$); }
    | primary '[' subscript ']'         { $$ = expr_subscript(p, $1, $3, @$); }
    ;
atom: NAME                              { $$ = expr_name(p, $1); }
    | NUMBER
    | strings
    | NONE                              { $$ = expr_new(p, EXPR_NONE, @$); }
    | TRUE                              { $$ = expr_bool(p, true, @$); }
    | FALSE                             { $$ = expr_bool(p, false, @$); }
    | ELLIPSIS                          { $$ = expr_new(p, EXPR_ELLIPSIS, @$); }
    | '(' ')'                           { $$ = expr_items(p, EXPR_TUPLE, (Exprs){0}, @$); }
    | '(' bracketed ')'                 { $$ = expr_group(p, $2, @$); }
    | '(' element clauses ')'           { $$ = expr_comprehension(p, EXPR_GENERATOR, NULL, $2, $3, @$); }
    | '[' ']'                           { $$ = expr_items(p, EXPR_LIST, (Exprs){0}, @$); }
    | '[' bracketed ']'                 { $$ = expr_items(p, EXPR_LIST, $2.items, @$); }
    | '[' element clauses ']'           { $$ = expr_comprehension(p, EXPR_LIST_COMPREHENSION, NULL, $2, $3, @$); }
    | '{' '}'                           { $$ = expr_dict(p, (DictItems){0}, @$); }
    | '{' bracketed '}'                 { $$ = expr_items(p, EXPR_SET, $2.items, @$); }
    | '{' element clauses '}'           { $$ = expr_set_comprehension(p, @$); }
    | '{' dict_items '}'                { $$ = expr_dict(p, $2, @$); }
    | '{' dict_items ',' '}'            { $$ = expr_dict(p, $2, @$); }
    | '{' test ':' test clauses '}'     { $$ = expr_comprehension(p, EXPR_DICT_COMPREHENSION, $2, $4, $5, @$); }
    ;
strings: STRING
    | strings STRING                    { $$ = expr_concatenate(p, $1, $2, @$); }
    ;

/* Between brackets the parser recovers at every item. */

bracketed: items                        { $$ = (Elements){$1, false}; }
    | items ','                         { $$ = (Elements){$1, true}; }
    ;
items: item                             { $$ = exprs_of(p, $1); }
    | items ',' item                    { $$ = $1; vec_push(A, &$$, $3); }
    ;
item: element
    | error                             { $$ = expr_error(p, @1); recovered(p); }
    ;
dict_items: dict_item
    | dict_items ',' dict_item          { $$ = dict_join(p, $1, $3); }
    ;
dict_item: test ':' test                { $$ = dict_of(p, $1, $3); }
    | POWER expr                        { $$ = dict_unpacked(p, @$); }
    ;

subscript: subscripts                   { $$ = expr_group(p, (Elements){$1, false}, @$); }
    | subscripts ','                    { $$ = expr_group(p, (Elements){$1, true}, @$); }
    ;
subscripts: slice_item                  { $$ = exprs_of(p, $1); }
    | subscripts ',' slice_item         { $$ = $1; vec_push(A, &$$, $3); }
    ;
slice_item: element
    | maybe_test ':' maybe_test         { $$ = expr_slice(p, $1, $3, NULL, @$); }
    | maybe_test ':' maybe_test ':' maybe_test      { $$ = expr_slice(p, $1, $3, $5, @$); }
    | error                             { $$ = expr_error(p, @1); recovered(p); }
    ;
maybe_test: %empty                      { $$ = NULL; }
    | test
    ;

arguments: %empty                       { $$ = (Arguments){0}; }
    | argument_list                     { $$ = arguments_checked(p, $1); }
    | argument_list ','                 { $$ = arguments_checked(p, $1); }
    ;
argument_list: argument                 { $$ = (Arguments){0}; vec_push(A, &$$, $1); }
    | argument_list ',' argument        { $$ = $1; vec_push(A, &$$, $3); }
    ;
argument: test                          { $$ = (Argument){.value = $1}; }
    | test clauses                      { $$ = (Argument){.value = expr_comprehension(p, EXPR_GENERATOR, NULL, $1, $2, @$)}; }
    | NAME '=' test                     { $$ = (Argument){.name = $1, .value = $3}; }
    | '*' test                          { $$ = (Argument){.value = $2, .stars = 1}; }
    | POWER test                        { $$ = (Argument){.value = $2, .stars = 2}; }
    | error                             { $$ = (Argument){.value = expr_error(p, @1)}; recovered(p); }
    ;

clauses: clause                         { $$ = (Comprehensions){0}; vec_push(A, &$$, $1); }
    | clauses clause                    { $$ = $1; vec_push(A, &$$, $2); }
    ;
clause: FOR targets IN or_test conditions   { $$ = (Comprehension){$2, $4, $5}; }
    ;
conditions: %empty                      { $$ = (Exprs){0}; }
    | conditions IF or_test             { $$ = $1; vec_push(A, &$$, $3); }
    ;
targets: target_items                   { $$ = expr_targets(p, (Elements){$1, false}, @$); }
    | target_items ','                  { $$ = expr_targets(p, (Elements){$1, true}, @$); }
    ;
target_items: expr                      { $$ = exprs_of(p, $1); }
    | target_items ',' expr             { $$ = $1; vec_push(A, &$$, $3); }
    ;

%%

static int yyreport_syntax_error(const yypcontext_t *context, Parser *p) {
    yysymbol_kind_t kinds[YYNTOKENS];
    const char *names[YYNTOKENS];
    int count = yypcontext_expected_tokens(context, kinds, YYNTOKENS);
    for (int i = 0; i < count; i++)
        names[i] = yysymbol_name(kinds[i]);
    yysymbol_kind_t found = yypcontext_token(context);
    Token token = {.span = *yypcontext_location(context)};
    syntax_error(p, token.span, yysymbol_name(found), names, count);
    return 0;
}
