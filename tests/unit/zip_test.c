#include "saved.h"

#include "formats/zip.h"

#include <string.h>

static void expect_config(const char *path) {
    Saved s = saved_begin();
    Zip z;
    cr_assert(zip_open(&z, s.files, saved_map(&s, path)), "%s: %s", path, z.error);
    const ZipMember *m = zip_find(&z, "config.json");
    View v;
    cr_assert_not_null(m);
    cr_assert(zip_read(&z, m, &v), "%s: %s", path, z.error);
    cr_expect(view_starts_with(v, "{\"class_name\"", 13));
    cr_expect_null(zip_find(&z, "onfig.json"));
    saved_end(&s);
}

Test(zip, stored_and_deflated_members) {
    expect_config("tests/fuzz/corpus/zip/stored.zip");
    expect_config("tests/fuzz/corpus/zip/deflated.zip");
}

/* A program may stand before the archive: offsets then count from where the archive begins. */
Test(zip, something_in_front) {
    Saved s = saved_begin();
    View v = saved_map(&s, "tests/fuzz/corpus/zip/deflated.zip"), member;
    unsigned char *longer = calloc(1, v.size + 100);
    memcpy(longer + 100, v.at, v.size);
    Zip z;
    cr_assert(zip_open(&z, s.files, (View){longer, v.size + 100}), "%s", z.error);
    cr_expect(zip_read(&z, zip_find(&z, "config.json"), &member), "%s", z.error);
    free(longer);
    saved_end(&s);
}

Test(zip, archives_cut_off_anywhere_are_errors) {
    Saved s = saved_begin();
    View v = saved_map(&s, "tests/fuzz/corpus/zip/deflated.zip"), member;
    for (size_t size = 0; size < v.size; size++) {
        unsigned char *copy = malloc(size ? size : 1);
        memcpy(copy, v.at, size);
        Zip z;
        cr_expect_not(zip_open(&z, s.files, (View){copy, size}), "%zu bytes", size);
        cr_expect_not_null(z.error);
        free(copy);
    }
    for (size_t i = 0; i < v.size; i++) {
        unsigned char *copy = malloc(v.size);
        memcpy(copy, v.at, v.size);
        copy[i] ^= 0x55;
        Zip z;
        if (zip_open(&z, s.files, (View){copy, v.size}))
            for (size_t k = 0; k < z.members.count; k++)
                if (!zip_read(&z, &z.members.at[k], &member))
                    cr_expect_not_null(z.error);
        free(copy);
    }
    saved_end(&s);
}
