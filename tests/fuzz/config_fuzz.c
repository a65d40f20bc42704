/* Any bytes as the JSON of a saved model; what becomes a model is written back as source. */
#include "fuzz.h"

#include "formats/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Fuzz f = fuzz_begin();
    Config c = {f.arena, "fuzz.keras", size % 2 ? "2.10.0" : "3.15.1", namer_new(f.arena), f.diag};
    Model *m = config_model(&c, (View){data, size});
    FILE *out = fopen("/dev/null", "w");
    if (m)
        source_write(m, "fuzz.weights.h5", out);
    diag_flush(f.diag, out);
    fclose(out);
    fuzz_end(&f);
    return 0;
}
