/* .npy headers and conversions; real NumPy's files are read in tests/runtime/. */
#include "../../runtime/npy.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* A version-1 file with this header text and these data. */
static Bytes file(const char *header, const void *data, size_t size) {
    size_t length = strlen(header);
    char *at = malloc(10 + length + size);
    memcpy(at, "\x93NUMPY\1\0", 8);
    at[8] = (char)(length & 255);
    at[9] = (char)(length >> 8);
    memcpy(at + 10, header, length);
    if (size)
        memcpy(at + 10 + length, data, size);
    return (Bytes){"x.npy", at, 10 + length + size, false};
}

static void expect_values(const char *header, const void *data, size_t size, const float *values,
                          int64_t count) {
    Bytes b = file(header, data, size);
    NpyArray a;
    Problem p;
    float out[16];
    cr_assert(npy_parse(&b, &a, &p), "%s: %s", header, p.text);
    cr_assert_eq(a.count, count);
    npy_convert(&a, out);
    for (int64_t i = 0; i < count; i++)
        cr_assert_eq(out[i], values[i], "%s: element %d is %g", header, (int)i, out[i]);
    free((void *)b.at);
}

#define HEADER(descr, order, shape)                                                                \
    "{'descr': '" descr "', 'fortran_order': " order ", 'shape': " shape ", }          \n"
#define DATA(...)   (const unsigned char[]){__VA_ARGS__}, sizeof((unsigned char[]){__VA_ARGS__})
#define VALUES(...) (const float[]){__VA_ARGS__}, sizeof((float[]){__VA_ARGS__}) / sizeof(float)

Test(npy, element_types) {
    expect_values(HEADER("|u1", "False", "(3,)"), DATA(0, 7, 255), VALUES(0, 7, 255));
    expect_values(HEADER("|i1", "False", "(2,)"), DATA(255, 127), VALUES(-1, 127));
    expect_values(HEADER("|b1", "False", "(2,)"), DATA(0, 1), VALUES(0, 1));
    expect_values(HEADER("<i2", "False", "(2,)"), DATA(255, 255, 0, 1), VALUES(-1, 256));
    expect_values(HEADER(">i2", "False", "(2,)"), DATA(255, 254, 1, 0), VALUES(-2, 256));
    expect_values(HEADER("<i4", "False", "(1,)"), DATA(254, 255, 255, 255), VALUES(-2));
    expect_values(HEADER(">u4", "False", "(1,)"), DATA(0, 1, 0, 0), VALUES(65536));
    expect_values(HEADER("<i8", "False", "()"), DATA(5, 0, 0, 0, 0, 0, 0, 0), VALUES(5));
    expect_values(HEADER("<f2", "False", "(3,)"), DATA(0, 0x3c, 1, 0, 0, 0xc0),
                  VALUES(1, 0x1p-24f, -2));
    expect_values(HEADER(">f4", "False", "(1,)"), DATA(0x3f, 0x80, 0, 0), VALUES(1));
    expect_values(HEADER("<f8", "False", "(1,)"), DATA(0, 0, 0, 0, 0, 0, 0xf0, 0x3f), VALUES(1));
}

Test(npy, fortran_order_is_turned_round) {
    expect_values(HEADER("|u1", "True", "(2, 3)"), DATA(1, 4, 2, 5, 3, 6),
                  VALUES(1, 2, 3, 4, 5, 6));
    expect_values(HEADER("|u1", "False", "(2, 3)"), DATA(1, 2, 3, 4, 5, 6),
                  VALUES(1, 2, 3, 4, 5, 6));
}

Test(npy, keys_in_any_order_and_either_quotes) {
    expect_values("{\"shape\":(2,),\"fortran_order\":False,\"descr\":\"|u1\"}", DATA(1, 2),
                  VALUES(1, 2));
}

Test(npy, an_empty_axis_means_no_elements) {
    expect_values(HEADER("<f4", "True", "(0, 4611686018427387904, 8)"), NULL, 0, NULL, 0);
}

static void expect_problem(const char *header, const void *data, size_t size, const char *text) {
    Bytes b = file(header, data, size);
    NpyArray a;
    Problem p;
    cr_assert_not(npy_parse(&b, &a, &p), "%s", header);
    cr_assert_not_null(strstr(p.text, text), "%s: %s", header, p.text);
    free((void *)b.at);
}

Test(npy, problems_have_one_clear_line) {
    expect_problem(HEADER("<f4", "False", "(2,)"), DATA(1, 2, 3, 4), "expected 8 bytes");
    expect_problem(HEADER("<c8", "False", "(1,)"), NULL, 0, "found '<c8'");
    expect_problem(HEADER("<f16", "False", "(1,)"), NULL, 0, "found '<f16'");
    expect_problem("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", NULL, 0,
                   "records");
    expect_problem(HEADER("<f4", "False", "(9223372036854775807, 4)"), NULL, 0, "too large");
    expect_problem(HEADER("<f4", "False", "(9223372036854775808,)"), NULL, 0, "damaged");
    expect_problem(HEADER("<f4", "False", "(-1,)"), NULL, 0, "damaged");
    expect_problem(HEADER("<f4", "Maybe", "(1,)"), NULL, 0, "damaged");
    expect_problem("", NULL, 0, "damaged");
    expect_problem("{", NULL, 0, "damaged");
    expect_problem("{}", NULL, 0, "damaged");
    expect_problem("{'descr': '<f4", NULL, 0, "damaged");
    expect_problem("{'colour': 'red'}", NULL, 0, "damaged");
}

Test(npy, every_truncation_is_noticed) {
    Bytes whole = file(HEADER("<f4", "False", "(2, 3)"), "aaaabbbbccccddddeeeeffff", 24);
    for (size_t size = 0; size < whole.size; size++) {
        char *copy = malloc(size + 1); /* its own block, so that reading beyond it shows */
        memcpy(copy, whole.at, size);
        Bytes cut = {"x.npy", copy, size, false};
        NpyArray a;
        Problem p;
        cr_assert_not(npy_parse(&cut, &a, &p), "%zu bytes", size);
        free(copy);
    }
    free((void *)whole.at);
}

Test(npy, a_written_header_is_read_back) {
    char buffer[NPY_HEADER_MAX];
    int64_t dim[] = {3, 28, 28, 1}, empty[] = {0, 28, 28, 1};
    int length = npy_header(buffer, dim, 4);
    cr_assert_eq(length % 64, 0);
    cr_assert_eq(npy_header((char[NPY_HEADER_MAX]){0}, empty, 4), length);
    char *bytes = calloc(1, (size_t)length + 3 * 28 * 28 * 4);
    memcpy(bytes, buffer, (size_t)length);
    Bytes b = {"x.npy", bytes, (size_t)length + 3 * 28 * 28 * 4, false};
    NpyArray a;
    Problem p;
    cr_assert(npy_parse(&b, &a, &p), "%s", p.text);
    cr_assert(npy_is_plain(&a));
    cr_assert_eq(a.rank, 4);
    cr_assert_eq(a.dim[0], 3);
    free(bytes);
}
