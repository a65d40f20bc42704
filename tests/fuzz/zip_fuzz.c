/* Any bytes as a zip file: every member is read. */
#include "fuzz.h"

#include "formats/zip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Fuzz f = fuzz_begin();
    Zip z;
    if (zip_open(&z, f.files, (View){data, size})) {
        zip_find(&z, "config.json");
        for (size_t i = 0; i < z.members.count; i++) {
            View v;
            unsigned sum = 0;
            if (zip_read(&z, &z.members.at[i], &v))
                for (size_t k = 0; k < v.size; k++)
                    sum += v.at[k];
            *(volatile unsigned *)&sum;
        }
    }
    fuzz_end(&f);
    return 0;
}
