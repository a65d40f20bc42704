/* Any bytes as an HDF5 file: every link is followed, every attribute that Keras uses and every
 * dataset is read. */
#include "fuzz.h"

enum { DEEPEST = 8 };

static void read_floats(Hdf5 *h, const Hdf5Object *o) {
    Hdf5Dataset set;
    if (!hdf5_dataset(h, o, &set))
        return;
    const float *data = hdf5_floats(h, &set);
    volatile float sum = 0; /* every element must be there to be read */
    for (uint64_t i = 0; data && i < set.count; i++)
        sum += data[i];
}

static void walk(Hdf5 *h, const Hdf5Object *o, int depth) {
    static const char *const attributes[] = {"layer_names", "weight_names", "model_config",
                                             "keras_version", "name"};
    Strings strings;
    for (size_t i = 0; i < COUNT_OF(attributes); i++)
        hdf5_strings(h, o, attributes[i], &strings);
    read_floats(h, o);
    const Hdf5Links *links = hdf5_links(h, o);
    for (size_t i = 0; links && i < links->count && depth < DEEPEST; i++) {
        const Hdf5Object *child = hdf5_follow(h, &links->at[i]);
        if (child)
            walk(h, child, depth + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Fuzz f = fuzz_begin();
    Hdf5 *h = hdf5_open(f.files, (View){data, size});
    const Hdf5Object *root = hdf5_root(h);
    if (root)
        walk(h, root, 0);
    if (hdf5_trouble(h))
        hdf5_report(h, "fuzz.h5", f.diag);
    fuzz_end(&f);
    return 0;
}
