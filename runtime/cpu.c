/* Has this CPU what the code was compiled for? SPDX-License-Identifier: 0BSD */
#include "km.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Is `word`, `length` bytes long, among the words of `list`? */
static bool lists(const char *list, const char *word, size_t length) {
    while (list && *list) {
        size_t n = strcspn(list, " ,");
        if (n == length && !memcmp(list, word, n))
            return true;
        list += n;
        list += strspn(list, " ,");
    }
    return false;
}

typedef struct Feature {
    const char *name;
    bool present;
} Feature;

/* NULL if the feature is there; else its name. */
static const char *feature_missing(const char *word, size_t length, const char *without) {
#if defined(__x86_64__)
#define FEATURE(name) {name, __builtin_cpu_supports(name) != 0}
    __builtin_cpu_init();
    const Feature features[] = {
        FEATURE("sse2"),       FEATURE("sse3"),       FEATURE("ssse3"),    FEATURE("sse4.1"),
        FEATURE("sse4.2"),     FEATURE("popcnt"),     FEATURE("avx"),      FEATURE("avx2"),
        FEATURE("fma"),        FEATURE("bmi"),        FEATURE("f16c"),     FEATURE("lzcnt"),
        FEATURE("movbe"),      FEATURE("bmi2"),       FEATURE("avx512f"),  FEATURE("avx512cd"),
        FEATURE("avx512bw"),   FEATURE("avx512dq"),   FEATURE("avx512vl"), FEATURE("avx512vnni"),
        FEATURE("avx512vbmi"), FEATURE("avx512ifma"),
    };
#undef FEATURE
#elif defined(__aarch64__)
    const Feature features[] = {{"neon", true}};
#else
    const Feature features[] = {{"", false}};
#endif
    for (size_t i = 0; i < sizeof features / sizeof *features; i++) {
        const Feature *f = &features[i];
        if (strlen(f->name) == length && !memcmp(f->name, word, length))
            return f->present && !lists(without, word, length) ? NULL : f->name;
    }
    return "a feature that this runtime does not know";
}

const char *km_cpu_missing(const char *required) {
    const char *without = getenv("KM_CPU_WITHOUT"), *missing = NULL;
    for (const char *word = required; word && *word && !missing;) {
        size_t length = strcspn(word, " ");
        missing = feature_missing(word, length, without);
        word += length + (word[length] == ' ');
    }
    return missing;
}
