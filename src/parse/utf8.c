/* UTF-8: overlong forms, surrogates and stray bytes are not characters. */
#include "utf8.h"

#include <stdbool.h>

static bool is_continuation(char c) {
    return ((unsigned char)c & 0xC0) == 0x80;
}

size_t utf8_decode(const char *text, size_t len, uint32_t *code_point) {
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char first = (unsigned char)text[0];
    *code_point = first;
    if (first < 0x80)
        return 1;
    size_t n = first >= 0xF0 && first < 0xF8 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 0;
    uint32_t c = n ? first & (0x7Fu >> n) : 0;
    bool fine = n > 0 && n <= len && first < 0xF8;
    for (size_t i = 1; fine && i < n; i++) {
        fine = is_continuation(text[i]);
        c = c << 6 | ((unsigned char)text[i] & 0x3F);
    }
    fine = fine && c >= smallest[n] && c <= 0x10FFFF && !(c >= 0xD800 && c <= 0xDFFF);
    *code_point = fine ? c : 0xFFFD;
    return fine ? n : 1;
}
