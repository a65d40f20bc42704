/* What the lexer's words mean: keywords, names, numbers, strings. */
#include "parser_state.h"
#include "utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef struct Keyword {
    const char *text;
    int kind;
} Keyword;

static const Keyword keywords[] = {
    {"False", TOKEN_FALSE},
    {"None", TOKEN_NONE},
    {"True", TOKEN_TRUE},
    {"and", TOKEN_AND},
    {"as", TOKEN_AS},
    {"assert", TOKEN_ASSERT},
    {"break", TOKEN_BREAK},
    {"continue", TOKEN_CONTINUE},
    {"def", TOKEN_DEF},
    {"del", TOKEN_DEL},
    {"elif", TOKEN_ELIF},
    {"else", TOKEN_ELSE},
    {"for", TOKEN_FOR},
    {"from", TOKEN_FROM},
    {"if", TOKEN_IF},
    {"import", TOKEN_IMPORT},
    {"in", TOKEN_IN},
    {"is", TOKEN_IS},
    {"lambda", TOKEN_LAMBDA},
    {"not", TOKEN_NOT},
    {"or", TOKEN_OR},
    {"pass", TOKEN_PASS},
    {"return", TOKEN_RETURN},
    {"async", TOKEN_UNSUPPORTED},
    {"class", TOKEN_UNSUPPORTED},
    {"except", TOKEN_UNSUPPORTED},
    {"finally", TOKEN_UNSUPPORTED},
    {"global", TOKEN_UNSUPPORTED},
    {"nonlocal", TOKEN_UNSUPPORTED},
    {"raise", TOKEN_UNSUPPORTED},
    {"try", TOKEN_UNSUPPORTED},
    {"while", TOKEN_UNSUPPORTED},
    {"with", TOKEN_UNSUPPORTED},
    {"await", TOKEN_YIELD},
    {"yield", TOKEN_YIELD},
};

static const char *text_at(const Parser *p, Span span) {
    return p->source->text + span.begin;
}

static size_t length(Span span) {
    return span.end - span.begin;
}

/* The first character that cannot be in a name; its length, or 0 if all can. Letters beyond ASCII
 * are taken, punctuation and blanks of Unicode are not. */
static size_t find_stray(const char *text, size_t len, size_t *at) {
    uint32_t c;
    for (size_t n; *at < len; *at += n) {
        n = utf8_decode(text + *at, len - *at, &c);
        bool stray = c == 0xFFFD || (c >= 0x80 && c < 0xC0) || c == 0xD7 || c == 0xF7 ||
                     (c >= 0x2000 && c < 0x2C00) || (c >= 0x3000 && c < 0x3040) ||
                     (c >= 0xFF00 && c < 0xFF10) || c == 0xFEFF;
        if (stray)
            return n;
    }
    return 0;
}

int literal_word(Parser *p, Span span, YYSTYPE *value) {
    const char *text = text_at(p, span);
    for (size_t i = 0; i < COUNT_OF(keywords); i++)
        if (strlen(keywords[i].text) == length(span) &&
            memcmp(keywords[i].text, text, length(span)) == 0) {
            value->text = keywords[i].text;
            return keywords[i].kind;
        }
    size_t at = 0, stray = find_stray(text, length(span), &at);
    if (stray) {
        literal_stray(p, (Span){span.begin + (uint32_t)at, span.begin + (uint32_t)(at + stray)});
        value->expr = expr_error(p, span);
        return TOKEN_NUMBER;
    }
    value->name = (Name){arena_strndup(p->arena, text, length(span)), span};
    return TOKEN_NAME;
}

static const char *stray_cure(uint32_t c) {
    switch (c) {
    case 0x2018:
    case 0x2019:
    case 0x201C:
    case 0x201D:
        return "use straight quotes, ' or \"";
    case 0x2013:
    case 0x2014:
    case 0x2212:
        return "use a plain '-'";
    case 0xD7:
        return "use '*'";
    case 0xA0:
    case 0x200B:
    case 0xFEFF:
        return "this is an invisible character that is no plain space: delete it";
    case '!':
        return "Python writes 'not'";
    case '$':
    case '?':
        return "names consist of letters, digits and '_'";
    case '\\':
        return "a backslash continues a line only as its very last character";
    default:
        return NULL;
    }
}

int literal_stray(Parser *p, Span span) {
    if (!report_here(p, span))
        return 0;
    uint32_t c;
    size_t left = p->source->len - span.begin;
    span.end = span.begin + (uint32_t)utf8_decode(text_at(p, span), left, &c);
    if (c < 0x20 || (c >= 0x7F && c < 0xA1))
        diag_error(p->diag, DIAG_stray_character, span, "stray character U+%04X", c);
    else
        diag_error(p->diag, DIAG_stray_character, span, "stray character '%.*s'", (int)length(span),
                   text_at(p, span));
    if (c == '!' && source_position(p->source, span.begin).column == 1)
        diag_help(p->diag, "a line with '!' is a command of the notebook: leave it out");
    else if (stray_cure(c))
        diag_help(p->diag, "%s", stray_cure(c));
    return 0;
}

/* --- Numbers --- */

static int bad_number(Parser *p, Span span, const char *why) {
    if (report_here(p, span)) {
        diag_error(p->diag, DIAG_bad_number, span, "'%.*s' is no number", (int)length(span),
                   text_at(p, span));
        diag_label(p->diag, "%s", why);
    }
    return TOKEN_NUMBER;
}

/* The text without underscores, which must stand between digits. NULL if one does not. */
static char *without_underscores(Parser *p, Span span) {
    const char *text = text_at(p, span);
    char *plain = arena_alloc(p->arena, length(span) + 1);
    size_t n = 0;
    for (size_t i = 0; i < length(span); i++) {
        bool between = i > 0 && i + 1 < length(span) && text[i - 1] != '_' && text[i - 1] != '.';
        if (text[i] != '_')
            plain[n++] = text[i];
        else if (!between || text[i + 1] == '.')
            return NULL;
    }
    return plain;
}

static int base_of(const char *text) {
    switch (text[0] == '0' ? text[1] | 0x20 : 0) {
    case 'x':
        return 16;
    case 'o':
        return 8;
    case 'b':
        return 2;
    default:
        return 10;
    }
}

static int whole_number(Parser *p, Span span, const char *text, Expr *e) {
    int base = base_of(text);
    const char *digits = base == 10 ? text : text + 2;
    char *end;
    errno = 0;
    unsigned long long n = strtoull(digits, &end, base);
    if (*end || end == digits || *digits == '-' || *digits == '+')
        return bad_number(p, span,
                          base == 10   ? "a name cannot begin with a digit"
                          : base == 16 ? "expected digits 0-9 and a-f after 0x"
                          : base == 8  ? "expected digits 0-7 after 0o"
                                       : "expected digits 0 and 1 after 0b");
    if (base == 10 && text[0] == '0' && n != 0)
        return bad_number(p, span, "a number cannot begin with 0; octal is written 0o17");
    if (errno == ERANGE || n > INT64_MAX) {
        if (report_here(p, span))
            diag_error(p->diag, DIAG_number_too_large, span,
                       "integer is larger than 64 bits hold (%lld)", (long long)INT64_MAX);
        return TOKEN_NUMBER;
    }
    e->kind = EXPR_INT;
    e->u.integer = (int64_t)n;
    return TOKEN_NUMBER;
}

int literal_number(Parser *p, Span span, YYSTYPE *value) {
    Expr *e = value->expr = expr_error(p, span);
    const char *text = without_underscores(p, span);
    if (!text)
        return bad_number(p, span, "'_' may only stand between two digits");
    if (base_of(text) != 10 || !strpbrk(text, ".eEjJ"))
        return whole_number(p, span, text, e);
    char *end;
    double number = strtod(text, &end);
    if ((*end == 'j' || *end == 'J') && !end[1])
        return bad_number(p, span, "complex numbers have no use here");
    if (*end)
        return bad_number(p, span, "a name cannot begin with a digit");
    e->kind = EXPR_FLOAT;
    e->u.number = number;
    return TOKEN_NUMBER;
}

/* --- Strings --- */

static bool has_letter(const char *text, size_t len, char letter) {
    for (size_t i = 0; i < len; i++)
        if ((text[i] | 0x20) == letter)
            return true;
    return false;
}

/* Reports a prefix that is not one of r u f fr rf. */
static void check_prefix(Parser *p, Span span, const char *text, size_t len) {
    bool bytes = has_letter(text, len, 'b');
    bool fine = len < 2 || ((text[0] | 0x20) != (text[1] | 0x20) && has_letter(text, len, 'r') &&
                            has_letter(text, len, 'f'));
    if ((fine && !bytes) || !report_here(p, span))
        return;
    diag_error(p->diag, DIAG_bad_string, span,
               bytes ? "bytes have no use here" : "no such string prefix: '%.*s'", (int)len, text);
    diag_help(p->diag, "strings may begin with r, u, f, fr or rf");
}

static void report_unclosed(Parser *p, Span span, const char *quotes) {
    if (!report_here(p, span))
        return;
    diag_error(p->diag, DIAG_string_never_closed, span, "this string is never closed");
    diag_label(p->diag, "expected %s %s", quotes,
               quotes[1] ? "before the end of the file" : "before the end of the line");
}

int literal_string(Parser *p, Span span, bool closed, YYSTYPE *value) {
    const char *text = text_at(p, span);
    size_t prefix = strcspn(text, "'\"");
    char quote = text[prefix];
    bool triple = length(span) >= prefix + 3 && text[prefix + 1] == quote &&
                  text[prefix + 2] == quote && (!closed || length(span) >= prefix + 6);
    const char *quotes = arena_strndup(p->arena, text + prefix, triple ? 3 : 1);
    check_prefix(p, (Span){span.begin, span.begin + (uint32_t)prefix}, text, prefix);
    if (!closed) {
        report_unclosed(p, span, quotes);
        value->expr = expr_error(p, span);
        return TOKEN_STRING;
    }
    uint32_t marks = triple ? 3 : 1;
    Span body = {span.begin + (uint32_t)prefix + marks, span.end - marks};
    bool raw = has_letter(text, prefix, 'r');
    value->expr = has_letter(text, prefix, 'f') ? string_formatted(p, body, raw, span)
                                                : string_plain(p, body, raw, span);
    return TOKEN_STRING;
}
