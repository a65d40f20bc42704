/* Any bytes as the weights of a small model, in both of Keras's layouts. */
#include "fuzz.h"

#include "formats/config.h"

static const char architecture[] =
    "{\"class_name\": \"Sequential\", \"config\": {\"name\": \"m\", \"layers\": ["
    "{\"class_name\": \"InputLayer\", \"config\": {\"batch_shape\": [null, 6, 6, 1]}},"
    "{\"class_name\": \"Conv2D\", \"config\": {\"filters\": 2, \"kernel_size\": [3, 3]}},"
    "{\"class_name\": \"Flatten\", \"config\": {}},"
    "{\"class_name\": \"Dense\", \"config\": {\"units\": 3}}]}}";

static void load(const uint8_t *data, size_t size,
                 bool (*read)(Model *, View, const char *, Files *, Diag *)) {
    Fuzz f = fuzz_begin();
    Config c = {f.arena, "fuzz.h5", "3.15.1", namer_new(f.arena), f.diag};
    Model *m =
        config_model(&c, (View){(const unsigned char *)architecture, sizeof architecture - 1});
    if (!m)
        abort();
    bool ok = read(m, (View){data, size}, "fuzz.h5", f.files, f.diag);
    if (ok != (diag_errors(f.diag) == 0))
        abort();
    fuzz_end(&f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    load(data, size, weights_keras3);
    load(data, size, weights_legacy);
    return 0;
}
