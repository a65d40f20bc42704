/* An ar file, as `ar rcs` would write it:
 *
 *     !<arch>\n | "/" count, offset of each symbol's member, names | "model.o/" object | ...
 *
 * Each member has a header of 60 characters and begins at an even offset. */
#include "archive.h"

#include <ar.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t member_size(const ArchiveMember *m) {
    return m->raw ? m->raw->head_size + m->raw->contents + m->raw->tail_size : m->size;
}

static uint64_t even(uint64_t n) {
    return n + n % 2;
}

/* The index while it is gathered: names, and for each the number of its member. */
typedef struct Index {
    Arena *arena;
    Vec(const char *) names;
    Vec(int) members;
    int member; /* the one being looked at */
    uint64_t name_bytes;
} Index;

static void add_symbol(void *user, const char *symbol) {
    Index *x = user;
    vec_push(x->arena, &x->names, symbol);
    vec_push(x->arena, &x->members, x->member);
    x->name_bytes += strlen(symbol) + 1;
}

static bool index_members(Index *x, const ArchiveMember *members, int n) {
    for (x->member = 0; x->member < n; x->member++) {
        const ArchiveMember *m = &members[x->member];
        if (m->raw)
            add_symbol(x, m->raw_symbol);
        else if (!elf_globals(m->bytes, m->size, add_symbol, x))
            return false;
    }
    return true;
}

/* Dates, owners: none, so that equal input makes an equal library. */
static void write_member_header(char *at, const char *name, uint64_t size) {
    char text[sizeof(struct ar_hdr) + 32];
    snprintf(text, sizeof text, "%-16s%-12d%-6d%-6d%-8s%-10llu" ARFMAG, name, 0, 0, 0, "644",
             (unsigned long long)size);
    memcpy(at, text, sizeof(struct ar_hdr));
}

static void write_big_endian(char *at, uint64_t value) {
    for (int i = 0; i < 4; i++)
        at[i] = (char)(value >> (24 - 8 * i));
}

static char *write_index(char *at, const Index *x, const uint64_t *offsets) {
    write_big_endian(at, x->names.count);
    for (size_t i = 0; i < x->names.count; i++)
        write_big_endian(at += 4, offsets[x->members.at[i]]);
    at += 4;
    for (size_t i = 0; i < x->names.count; i++)
        at = stpcpy(at, x->names.at[i]) + 1;
    return at;
}

bool archive_layout(Arena *a, const ArchiveMember *members, int n, ArchivePiece *pieces) {
    Index x = {.arena = a};
    if (!index_members(&x, members, n))
        return false;
    uint64_t index_size = even(4 + 4 * x.names.count + x.name_bytes);
    uint64_t first = SARMAG + sizeof(struct ar_hdr) + index_size;
    uint64_t *offsets = arena_array(a, (size_t)n + 1, sizeof *offsets);
    offsets[0] = first;
    for (int i = 0; i < n; i++)
        offsets[i + 1] = offsets[i] + sizeof(struct ar_hdr) + even(member_size(&members[i]));
    if (offsets[n] > UINT32_MAX)
        return false;

    for (int i = 0; i <= n; i++) {
        uint64_t before = i == 0 ? first : member_size(&members[i - 1]) % 2;
        size_t size = before + (i < n ? sizeof(struct ar_hdr) : 0);
        char *bytes = arena_alloc(a, size + 1);
        if (i > 0 && before)
            bytes[0] = '\n';
        if (i < n)
            write_member_header(bytes + before, arena_printf(a, "%s/", members[i].name),
                                member_size(&members[i]));
        if (i == 0) {
            memcpy(bytes, ARMAG, SARMAG);
            write_member_header(bytes + SARMAG, "/", index_size);
            write_index(bytes + SARMAG + sizeof(struct ar_hdr), &x, offsets);
        }
        pieces[i] = (ArchivePiece){bytes, size};
    }
    return true;
}

bool archive_find(const char *archive, size_t size, const char *name, ArchivePiece *object) {
    size_t len = strlen(name);
    for (uint64_t at = SARMAG; at + sizeof(struct ar_hdr) <= size;) {
        struct ar_hdr h;
        memcpy(&h, archive + at, sizeof h);
        char digits[sizeof h.ar_size + 1] = {0};
        memcpy(digits, h.ar_size, sizeof h.ar_size);
        uint64_t bytes = strtoull(digits, NULL, 10);
        at += sizeof h;
        if (bytes > size - at)
            return false;
        *object = (ArchivePiece){archive + at, bytes};
        if (!memcmp(h.ar_name, name, len) && h.ar_name[len] == '/')
            return true;
        at += even(bytes);
    }
    return false;
}
