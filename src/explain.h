/* The pages of `kmodel explain CODE`, embedded from docs/diagnostics/. */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include <stddef.h>

typedef struct ExplainPage {
    const char *code; /* "KM0203" */
    const char *text;
} ExplainPage;

extern const ExplainPage explain_pages[];
extern const size_t explain_npages;

#endif
