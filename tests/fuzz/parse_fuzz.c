/* libFuzzer entry: no text crashes the parser, and what it makes of one can be walked. */
#include "ast.h"
#include "diag.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new();
    Diag *d = diag_new(a);
    FILE *out = fopen("/dev/null", "w");
    Ast *ast = parse(a, source_from_text(a, "fuzz.kmodel", (const char *)data, size), d);
    if (out) {
        ast_dump(ast, out);
        diag_flush(d, out);
        fclose(out);
    }
    arena_free(a);
    return 0;
}
