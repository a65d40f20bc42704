/* kmodel explain CODE: a diagnostic's page. Without a code, the list of all. */
#include "explain.h"
#include "options.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

typedef struct Row {
    int number;
    const char *title;
} Row;

static const Row rows[] = {
#define DIAG(number, id, title) {number, title},
#include "diagnostics.def"
#undef DIAG
};

static void print_list(void) {
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        printf("KM%04d  %s\n", rows[i].number, rows[i].title);
}

/* KM0203, km203 or 203; -1: not a code. */
static int code_number(const char *text) {
    if (tolower((unsigned char)text[0]) == 'k' && tolower((unsigned char)text[1]) == 'm')
        text += 2;
    char *end;
    long n = isdigit((unsigned char)*text) ? strtol(text, &end, 10) : -1;
    return n < 0 || *end || n > 9999 ? -1 : (int)n;
}

static const char *find_page(int number) {
    for (size_t i = 0; i < explain_npages; i++)
        if (code_number(explain_pages[i].code) == number)
            return explain_pages[i].text;
    return NULL;
}

int command_explain(int argc, char **argv) {
    CommonOptions common = {0};
    int code = options_parse(&argc, argv, NULL, 0, 0, 1, &common);
    if (code != OPTIONS_FINE)
        return code;
    if (argc == 1) {
        print_list();
        return EXIT_FINE;
    }
    const char *page = find_page(code_number(argv[1]));
    if (!page) {
        fprintf(stderr, "kmodel explain: there is no diagnostic '%s'; 'kmodel explain' lists all\n",
                argv[1]);
        return EXIT_INPUT;
    }
    fputs(page, stdout);
    return EXIT_FINE;
}
