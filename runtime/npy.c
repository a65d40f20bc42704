/* .npy: "\x93NUMPY", version, length of a Python dict as text, that text, the elements.
 *     {'descr': '<f4', 'fortran_order': False, 'shape': (20, 28, 28, 1), }
 * SPDX-License-Identifier: 0BSD */
#include "npy.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "numbers are used as they are in memory");

/* One element type: `bits` are its bytes as a little-endian integer. */
typedef struct Element {
    char kind;
    int size;
    float (*value)(uint64_t bits);
} Element;

static float from_f2(uint64_t bits) {
    uint32_t sign = (uint32_t)(bits >> 15 & 1) << 31, exponent = bits >> 10 & 31;
    uint32_t fraction = (uint32_t)bits & 1023, word;
    if (exponent == 0) { /* zero and subnormals: fraction * 2^-24 is exact */
        float tiny = (float)fraction * 0x1p-24f;
        return sign ? -tiny : tiny;
    }
    word = sign | (exponent == 31 ? 255 : exponent - 15 + 127) << 23 | fraction << 13;
    float f;
    memcpy(&f, &word, sizeof f);
    return f;
}

static float from_f4(uint64_t bits) {
    float f;
    memcpy(&f, &bits, sizeof f); /* the low four bytes */
    return f;
}

static float from_f8(uint64_t bits) {
    double d;
    memcpy(&d, &bits, sizeof d);
    return (float)d;
}

static float from_i1(uint64_t bits) {
    return (int8_t)bits;
}

static float from_i2(uint64_t bits) {
    return (int16_t)bits;
}

static float from_i4(uint64_t bits) {
    return (float)(int32_t)bits;
}

static float from_i8(uint64_t bits) {
    return (float)(int64_t)bits;
}

static float from_unsigned(uint64_t bits) {
    return (float)bits;
}

static const Element elements[] = {
    {'f', 2, from_f2},       {'f', 4, from_f4},       {'f', 8, from_f8},
    {'i', 1, from_i1},       {'i', 2, from_i2},       {'i', 4, from_i4},
    {'i', 8, from_i8},       {'u', 1, from_unsigned}, {'u', 2, from_unsigned},
    {'u', 4, from_unsigned}, {'u', 8, from_unsigned}, {'b', 1, from_unsigned},
};

static const Element *element_find(char kind, int size) {
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
        if (elements[i].kind == kind && elements[i].size == size)
            return &elements[i];
    return NULL;
}

/* The header's text, being read from left to right. */
typedef struct Scan {
    const char *at, *end;
} Scan;

static void skip_blanks(Scan *s) {
    while (s->at < s->end && strchr(" \t\r\n", *s->at))
        s->at++;
}

static bool take(Scan *s, char c) {
    skip_blanks(s);
    if (s->at == s->end || *s->at != c)
        return false;
    s->at++;
    return true;
}

static bool take_word(Scan *s, const char *word) {
    skip_blanks(s);
    size_t n = strlen(word);
    if ((size_t)(s->end - s->at) < n || memcmp(s->at, word, n))
        return false;
    s->at += n;
    return true;
}

/* 'text' or "text", without escapes. */
static bool take_string(Scan *s, char *text, size_t size) {
    skip_blanks(s);
    if (s->at == s->end || (*s->at != '\'' && *s->at != '"'))
        return false;
    const char *begin = s->at + 1, *end = memchr(begin, *s->at, (size_t)(s->end - begin));
    if (!end || (size_t)(end - begin) >= size)
        return false;
    memcpy(text, begin, (size_t)(end - begin));
    text[end - begin] = '\0';
    s->at = end + 1;
    return true;
}

static bool take_integer(Scan *s, int64_t *value) {
    skip_blanks(s);
    const char *begin = s->at;
    *value = 0;
    for (; s->at < s->end && *s->at >= '0' && *s->at <= '9'; s->at++)
        if (__builtin_mul_overflow(*value, 10, value) ||
            __builtin_add_overflow(*value, *s->at - '0', value))
            return false;
    bool digits = s->at > begin;
    take(s, 'L'); /* Python 2's long integers */
    return digits;
}

static bool take_shape(Scan *s, NpyArray *a) {
    if (!take(s, '('))
        return false;
    for (a->rank = 0; !take(s, ')'); a->rank++) {
        if (a->rank == NPY_MAX_RANK || !take_integer(s, &a->dim[a->rank]))
            return false;
        if (take(s, ','))
            continue;
        a->rank++;
        return take(s, ')');
    }
    return true;
}

static bool take_bool(Scan *s, bool *value) {
    *value = take_word(s, "True");
    return *value || take_word(s, "False");
}

/* "<f4": byte order, kind, size. */
static bool read_descr(const char *descr, NpyArray *a) {
    char order;
    int used = 0;
    if (sscanf(descr, "%c%c%2d%n", &order, &a->kind, &a->size, &used) != 3 || descr[used])
        return false;
    a->big_endian = order == '>';
    return strchr("<>|=", order) && element_find(a->kind, a->size);
}

/* What the dict says; each key may come in any order. */
typedef struct Header {
    char descr[64];
    bool records, has_shape, has_order;
} Header;

static bool take_entry(Scan *s, Header *h, NpyArray *a) {
    char key[32];
    if (!take_string(s, key, sizeof key) || !take(s, ':'))
        return false;
    if (!strcmp(key, "shape"))
        return h->has_shape = take_shape(s, a);
    if (!strcmp(key, "fortran_order"))
        return h->has_order = take_bool(s, &a->fortran_order);
    h->records = take(s, '[');
    return !strcmp(key, "descr") && !h->records && take_string(s, h->descr, sizeof h->descr);
}

static bool take_dict(Scan *s, Header *h, NpyArray *a) {
    if (!take(s, '{'))
        return false;
    while (take_entry(s, h, a))
        if (!take(s, ','))
            break;
    return take(s, '}') && *h->descr && h->has_shape && h->has_order;
}

static bool read_header(const Bytes *file, Scan text, NpyArray *a, Problem *p) {
    Header h = {0};
    bool ok = take_dict(&text, &h, a);
    if (h.records)
        return problem(p, "%s: expected an array of numbers, found one of records", file->name);
    if (!ok)
        return problem(p, "%s: the .npy header is damaged", file->name);
    if (!read_descr(h.descr, a))
        return problem(p,
                       "%s: expected numbers that convert to float32 (f2 f4 f8, i1..i8, u1..u8, "
                       "b1), found '%s'",
                       file->name, h.descr);
    return true;
}

/* False if the product does not fit. */
static bool count_elements(NpyArray *a) {
    a->count = 1;
    for (int i = 0; i < a->rank; i++)
        if (a->dim[i] == 0)
            return a->count = 0, true;
    for (int i = 0; i < a->rank; i++)
        if (__builtin_mul_overflow(a->count, a->dim[i], &a->count))
            return false;
    int64_t bytes;
    return !__builtin_mul_overflow(a->count, (int64_t)a->size, &bytes);
}

bool npy_is(const Bytes *file) {
    return file->size >= 6 && !memcmp(file->at, "\x93NUMPY", 6);
}

bool npy_parse(const Bytes *file, NpyArray *a, Problem *p) {
    *a = (NpyArray){0};
    const unsigned char *at = (const unsigned char *)file->at;
    if (!npy_is(file))
        return problem(p, "%s: expected a .npy file, found something else", file->name);
    size_t prefix = file->size > 6 && at[6] == 1 ? 10 : 12, length = 0;
    if (file->size < prefix)
        return problem(p, "%s: truncated in the .npy header", file->name);
    if (at[6] < 1 || at[6] > 3)
        return problem(p, "%s: expected .npy version 1, 2 or 3, found %d", file->name, at[6]);
    for (size_t i = 8; i < prefix; i++)
        length |= (size_t)at[i] << 8 * (i - 8);
    if (length > file->size - prefix)
        return problem(p, "%s: truncated in the .npy header", file->name);
    Scan header = {file->at + prefix, file->at + prefix + length};
    if (!read_header(file, header, a, p))
        return false;
    size_t there = file->size - prefix - length;
    if (!count_elements(a))
        return problem(p, "%s: the shape in the .npy header is too large", file->name);
    if ((uint64_t)(a->count * a->size) > there)
        return problem(p, "%s: truncated: expected %" PRId64 " bytes of elements, found %zu",
                       file->name, a->count * a->size, there);
    a->data = at + prefix + length;
    return true;
}

static uint64_t load(const unsigned char *at, int size, bool big_endian) {
    uint64_t bits = 0;
    for (int i = 0; i < size; i++)
        bits |= (uint64_t)at[big_endian ? size - 1 - i : i] << 8 * i;
    return bits;
}

bool npy_is_plain(const NpyArray *a) {
    return a->kind == 'f' && a->size == 4 && !a->big_endian && (!a->fortran_order || a->rank < 2) &&
           (uintptr_t)a->data % sizeof(float) == 0;
}

void npy_convert(const NpyArray *a, float *out) {
    if (a->count == 0)
        return;
    const Element *e = element_find(a->kind, a->size);
    int64_t stride[NPY_MAX_RANK], index[NPY_MAX_RANK] = {0};
    int64_t next = 1;
    for (int i = 0; i < a->rank; i++) {
        int axis = a->fortran_order ? i : a->rank - 1 - i;
        stride[axis] = next;
        next *= a->dim[axis];
    }
    int64_t from = 0;
    for (int64_t i = 0; i < a->count; i++) {
        out[i] = e->value(load(a->data + from * a->size, a->size, a->big_endian));
        for (int axis = a->rank - 1; axis >= 0; axis--) { /* the next index in C order */
            from += stride[axis];
            if (++index[axis] < a->dim[axis])
                break;
            from -= stride[axis] * a->dim[axis];
            index[axis] = 0;
        }
    }
}

int npy_header(char buffer[NPY_HEADER_MAX], const int64_t *dim, int rank) {
    enum { PREFIX = 10, ALIGN = 64, GROWTH = 21 }; /* dim[0] may grow to any length, as in NumPy */
    char *text = buffer + PREFIX;
    size_t room = NPY_HEADER_MAX - PREFIX;
    int n = snprintf(text, room, "{'descr': '<f4', 'fortran_order': False, 'shape': (");
    int fixed = n + GROWTH;
    for (int i = 0; i < rank; i++) {
        int more = snprintf(text + n, room - (size_t)n, "%s%" PRId64 "%s", i ? " " : "", dim[i],
                            i < rank - 1 || rank == 1 ? "," : "");
        n += more;
        fixed += i ? more : 0;
    }
    n += snprintf(text + n, room - (size_t)n, "), }");
    int total = (PREFIX + fixed + 6 + ALIGN - 1) / ALIGN * ALIGN;
    memset(text + n, ' ', (size_t)(total - PREFIX - n));
    buffer[total - 1] = '\n';
    memcpy(buffer, "\x93NUMPY\1\0", 8);
    buffer[8] = (char)((total - PREFIX) & 255);
    buffer[9] = (char)((total - PREFIX) >> 8);
    return total;
}
