/* libFuzzer entry: no text crashes the checker, and checking always ends. */
#include "fuzz.h"
#include "check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Fuzz f = fuzz_begin();
    FILE *out = fopen("/dev/null", "w");
    const CheckOptions options = {.out = out};
    const Source *source = source_from_text(f.arena, "fuzz.kmodel", (const char *)data, size);
    const Ast *ast = parse(f.arena, source, f.diag);
    if (out && ast->whole)
        check(f.arena, ast, &options, namer_new(f.arena), f.diag);
    if (out) {
        diag_flush(f.diag, out);
        fclose(out);
    }
    fuzz_end(&f);
    return 0;
}
