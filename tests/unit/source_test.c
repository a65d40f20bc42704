#include "source.h"

#include <criterion/criterion.h>

static void expect_position(const Source *s, uint32_t offset, uint32_t line, uint32_t column) {
    Position at = source_position(s, offset);
    cr_expect_eq(at.line, line, "offset %u: line %u", offset, at.line);
    cr_expect_eq(at.column, column, "offset %u: column %u", offset, at.column);
}

Test(source, positions_are_one_based_and_count_characters) {
    Arena *a = arena_new();
    Source *s = source_from_text(a, "m.kmodel", "ab\n\xC3\xA9x\r\n\rlast", 13);
    cr_assert_eq(s->nlines, 4);
    expect_position(s, 0, 1, 1);
    expect_position(s, 2, 1, 3);
    expect_position(s, 3, 2, 1);
    expect_position(s, 5, 2, 2); /* the two bytes of é are one column */
    expect_position(s, 9, 4, 1);
    expect_position(s, 13, 4, 5);
    expect_position(s, 999, 4, 5);
    arena_free(a);
}

Test(source, lines_come_without_their_breaks) {
    Arena *a = arena_new();
    Source *s = source_from_text(a, "m.kmodel", "one\r\n\ntwo", 9);
    size_t len;
    cr_expect_arr_eq(source_line(s, 1, &len), "one", 3);
    cr_expect_eq(len, 3);
    source_line(s, 2, &len);
    cr_expect_eq(len, 0);
    cr_expect_arr_eq(source_line(s, 3, &len), "two", 3);
    cr_expect_eq(len, 3);
    arena_free(a);
}

Test(source, an_empty_text_has_one_line) {
    Arena *a = arena_new();
    Source *s = source_from_text(a, "m.kmodel", "", 0);
    cr_expect_eq(s->nlines, 1);
    expect_position(s, 0, 1, 1);
    arena_free(a);
}

Test(source, spans_join) {
    Span joined = span_join((Span){3, 5}, (Span){8, 9});
    cr_expect_eq(joined.begin, 3);
    cr_expect_eq(joined.end, 9);
    cr_expect_eq(span_join(SPAN_NONE, (Span){1, 2}).begin, 1);
}
