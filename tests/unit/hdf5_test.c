#include "saved.h"

#include "formats/hdf5_write.h"

#include <errno.h>
#include <string.h>

static const Hdf5Object *find(Hdf5 *h, const char *path) {
    const Hdf5Object *root = hdf5_root(h);
    return root ? hdf5_find(h, root, path) : NULL;
}

static Hdf5 *open_file(Saved *s, const char *path) {
    return hdf5_open(s->files, saved_map(s, path));
}

Test(hdf5, weights_stay_in_the_mapping) {
    Saved s = saved_begin();
    View v = saved_map(&s, "tests/formats/keras3.weights.h5");
    Hdf5 *h = hdf5_open(s.files, v);
    const Hdf5Object *o = find(h, "layers/conv2d/vars/0");
    Hdf5Dataset set;
    cr_assert(o && hdf5_dataset(h, o, &set));
    cr_expect_eq(set.rank, 4);
    cr_expect_eq(set.dim[3], 2);
    cr_expect_eq(set.count, 18);
    const float *data = hdf5_floats(h, &set);
    cr_assert_not_null(data);
    cr_expect((const unsigned char *)data >= v.at && (const unsigned char *)data < v.at + v.size);
    cr_expect_float_eq(data[17], 17 / 8.0f, 0);
    saved_end(&s);
}

Test(hdf5, strings_of_fixed_and_variable_length) {
    Saved s = saved_begin();
    Hdf5 *h = open_file(&s, "tests/formats/keras3.h5");
    Strings strings;
    cr_assert(hdf5_strings(h, find(h, "model_weights"), "layer_names", &strings));
    cr_assert_eq(strings.count, 4);
    cr_expect_str_eq(strings.at[0], "conv2d");
    cr_expect_str_eq(strings.at[3], "dense");
    cr_expect(hdf5_strings(h, hdf5_root(h), "model_config", &strings));
    cr_expect_not(hdf5_strings(h, hdf5_root(h), "no_such_attribute", &strings));
    cr_expect_eq(hdf5_trouble(h), HDF5_SOUND);
    h = open_file(&s, "tests/fuzz/corpus/hdf5/chunked.h5");
    cr_assert(hdf5_strings(h, hdf5_root(h), "layer_names", &strings));
    cr_expect_str_eq(strings.at[1], "bb");
    saved_end(&s);
}

/* 0 .. 59 as float32 through gzip, shuffle and fletcher32; as half, big-endian double, int16. */
Test(hdf5, chunks_filters_and_types) {
    static const char *const names[] = {"gz", "f2", "be", "i"};
    Saved s = saved_begin();
    Hdf5 *h = open_file(&s, "tests/fuzz/corpus/hdf5/chunked.h5");
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        Hdf5Dataset set;
        cr_assert(hdf5_dataset(h, find(h, names[i]), &set));
        const float *data = hdf5_floats(h, &set);
        cr_assert_not_null(data, "%s: %s", names[i], hdf5_error(h));
        for (int k = 0; k < 60; k++)
            cr_expect_float_eq(data[k], (float)k, 0, "%s[%d]", names[i], k);
    }
    saved_end(&s);
}

Test(hdf5, links_and_attributes_in_fractal_heaps) {
    Saved s = saved_begin();
    Hdf5 *h = open_file(&s, "tests/fuzz/corpus/hdf5/latest.h5");
    const Hdf5Links *links = hdf5_links(h, find(h, "layers"));
    cr_assert_not_null(links);
    cr_assert_eq(links->count, 20);
    cr_expect_str_eq(links->at[2].name, "dense_10"); /* byte-wise order */
    Strings strings;
    cr_assert(hdf5_strings(h, find(h, "layers"), "layer_names", &strings));
    cr_expect_str_eq(strings.at[1], "yy");
    cr_expect_null(find(h, "layers/dense_20"));
    saved_end(&s);
}

Test(hdf5, what_is_written_is_read_again) {
    enum { GROUPS = 1000 };
    Saved s = saved_begin();
    Hdf5Node *root = hdf5_new_group(s.arena);
    float data[6] = {1, 2, 3, 4, 5, 6};
    for (int i = 0; i < GROUPS; i++) {
        Hdf5Node *group = hdf5_add_group(s.arena, root, arena_printf(s.arena, "dense_%d", i));
        hdf5_set_attribute(group, "name", "a name");
        hdf5_add_floats(s.arena, group, "0", data, 2, (int64_t[]){2, 3});
        hdf5_add_floats(s.arena, group, "1", data, 0, NULL);
    }
    char *bytes = NULL;
    size_t size;
    FILE *out = open_memstream(&bytes, &size);
    cr_assert(hdf5_write(root, out));
    fclose(out);
    Hdf5 *h = hdf5_open(s.files, (View){(unsigned char *)bytes, size});
    for (int i = 0; i < GROUPS; i++) {
        Hdf5Dataset set;
        Strings name;
        const Hdf5Object *o = find(h, arena_printf(s.arena, "dense_%d/0", i));
        cr_assert(o && hdf5_dataset(h, o, &set), "%d: %s", i, hdf5_error(h));
        cr_expect_arr_eq(hdf5_floats(h, &set), data, sizeof data);
        o = find(h, arena_printf(s.arena, "dense_%d", i));
        cr_assert(hdf5_strings(h, o, "name", &name));
        cr_expect_str_eq(name.at[0], "a name");
    }
    free(bytes);
    saved_end(&s);
}

static void read_whole(const unsigned char *bytes, size_t size) {
    static bool (*const readers[])(Model *, View, const char *, Files *, Diag *) = {weights_keras3,
                                                                                    weights_legacy};
    for (size_t i = 0; i < COUNT_OF(readers); i++) {
        Saved s = saved_begin();
        Model *m = format_import(s.arena, "tests/formats/keras3.keras", s.files, s.names, s.diag);
        cr_assert_not_null(m);
        bool ok = readers[i](m, (View){bytes, size}, "cut.h5", s.files, s.diag);
        cr_expect_eq(ok, diag_errors(s.diag) == 0,
                     "a failure without a diagnostic, or the reverse");
        saved_end(&s);
    }
}

/* Copies are exactly as long as what is left, so that a sanitizer sees the first byte too far. */
Test(hdf5, an_attribute_beyond_64_kib_is_refused) {
    Arena *a = arena_new();
    Hdf5Node *root = hdf5_new_group(a);
    char *name = arena_alloc(a, 70001);
    memset(name, 'x', 70000);
    hdf5_set_attribute(hdf5_add_group(a, root, "vars"), "name", name);
    FILE *out = tmpfile();
    cr_assert(!hdf5_write(root, out));
    cr_assert_eq(errno, ENAMETOOLONG);
    fclose(out);
    arena_free(a);
}

Test(hdf5, files_cut_off_anywhere_are_diagnostics) {
    Saved s = saved_begin();
    View v = saved_map(&s, "tests/formats/keras3.weights.h5");
    for (size_t size = 0; size < v.size; size += size < 4096 ? 1 : 97) {
        unsigned char *copy = malloc(size ? size : 1);
        memcpy(copy, v.at, size);
        read_whole(copy, size);
        free(copy);
    }
    saved_end(&s);
}

Test(hdf5, flipped_bits_are_never_more_than_diagnostics) {
    Saved s = saved_begin();
    View v = saved_map(&s, "tests/formats/keras2.h5");
    unsigned char *copy = malloc(v.size);
    uint64_t state = 1;
    for (int i = 0; i < 2000; i++) {
        memcpy(copy, v.at, v.size);
        for (int k = 0; k < 3; k++) {
            state = state * 6364136223846793005 + 1442695040888963407;
            copy[(state >> 33) % v.size] ^= (unsigned char)(1 << (state >> 29 & 7));
        }
        read_whole(copy, v.size);
    }
    free(copy);
    saved_end(&s);
}

Test(hdf5, damage_says_what_is_wrong) {
    Saved s = saved_begin();
    View v = saved_map(&s, "tests/formats/keras3.weights.h5");
    Hdf5 *h = hdf5_open(s.files, (View){v.at, v.size - 100});
    cr_expect_eq(hdf5_trouble(h), HDF5_DAMAGED);
    hdf5_report(h, "w.h5", s.diag);
    saved_expect(&s, "it was cut off");
    saved_end(&s);
}
