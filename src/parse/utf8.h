/* UTF-8, read with suspicion. */
#ifndef UTF8_H
#define UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Decodes the UTF-8 character at text[0..len) and gives its length; what is not UTF-8 is one byte
 * long and becomes U+FFFD. */
size_t utf8_decode(const char *text, size_t len, uint32_t *code_point);

#endif
