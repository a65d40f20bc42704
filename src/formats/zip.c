/* Zip archives: the central directory, zip64, stored and deflated members. */
#include "zip.h"

#include <limits.h>
#include <string.h>
#include <zlib.h>

enum {
    END_RECORD = 22,
    LONGEST_COMMENT = 65535,
    LOCATOR_64 = 20,
    END_RECORD_64 = 56,
    ZIP64_EXTRA = 1,
    MOST_MEMBERS = 1 << 20,
    EXPANSION = 1100, /* deflate gives at most 1032 to 1 */
};

#define LARGEST_INFLATED (UINT64_C(8) << 30)

static bool fail(Zip *z, const char *error) {
    z->error = error;
    return false;
}

/* Where the central directory is and how many entries it has. */
typedef struct Directory {
    uint64_t entries, size, offset;
    uint64_t end; /* where it ends in the file: just before the end records */
} Directory;

/* The end record is the last thing in the file, but for a comment. */
static bool find_end(View bytes, uint64_t *at) {
    if (bytes.size < END_RECORD)
        return false;
    uint64_t last = bytes.size - END_RECORD;
    for (uint64_t i = last; last - i <= LONGEST_COMMENT; i--) {
        if (!memcmp(bytes.at + i, "PK\5\6", 4)) {
            *at = i;
            return true;
        }
        if (!i)
            break;
    }
    return false;
}

static bool read_end_64(Zip *z, uint64_t end, Directory *dir) {
    if (end < LOCATOR_64)
        return fail(z, "it ends within its directory");
    Cursor locator = cursor_at(z->bytes, end - LOCATOR_64);
    if (!cursor_expect(&locator, "PK\6\7", 4))
        return true; /* not zip64: the short record's numbers stand */
    cursor_skip(&locator, 4);
    uint64_t at = cursor_uint(&locator, 8);
    Cursor c = cursor_at(z->bytes, at);
    if (!cursor_expect(&c, "PK\6\6", 4))
        return fail(z, "its zip64 directory is missing");
    cursor_skip(&c, 20);
    dir->entries = cursor_uint(&c, 8);
    cursor_skip(&c, 8);
    dir->size = cursor_uint(&c, 8);
    dir->offset = cursor_uint(&c, 8);
    dir->end = at;
    return !c.failed || fail(z, "its zip64 directory is cut short");
}

static bool read_end(Zip *z, Directory *dir) {
    uint64_t end;
    if (!find_end(z->bytes, &end))
        return fail(z, "it has no directory at its end: it was cut off, or is still being written");
    Cursor c = cursor_at(z->bytes, end + 10);
    *dir = (Directory){.entries = cursor_uint(&c, 2),
                       .size = cursor_uint(&c, 4),
                       .offset = cursor_uint(&c, 4),
                       .end = end};
    if (!read_end_64(z, end, dir))
        return false;
    if (dir->size > dir->end || dir->offset > dir->end - dir->size)
        return fail(z, "its directory lies outside of it");
    z->base = dir->end - dir->size - dir->offset;
    return dir->entries <= MOST_MEMBERS || fail(z, "it has more than a million members");
}

/* The extra field of zip64 holds, in this order, those of size, stored size and offset that are all
 * ones in the entry. */
static void apply_zip64(View extra, ZipMember *m) {
    Cursor c = cursor_at(extra, 0);
    while (cursor_left(&c) >= 4) {
        unsigned id = (unsigned)cursor_uint(&c, 2);
        View field = cursor_take(&c, cursor_uint(&c, 2));
        if (id != ZIP64_EXTRA)
            continue;
        Cursor f = cursor_at(field, 0);
        uint64_t *const wide[] = {&m->size, &m->stored, &m->offset};
        for (size_t i = 0; i < COUNT_OF(wide); i++)
            if (*wide[i] == UINT32_MAX)
                *wide[i] = cursor_uint(&f, 8);
        return;
    }
}

static bool read_member(Zip *z, Cursor *c) {
    ZipMember m = {0};
    cursor_expect(c, "PK\1\2", 4);
    cursor_skip(c, 4); /* versions */
    m.flags = (unsigned)cursor_uint(c, 2);
    m.method = (unsigned)cursor_uint(c, 2);
    cursor_skip(c, 4); /* time */
    m.crc = (uint32_t)cursor_uint(c, 4);
    m.stored = cursor_uint(c, 4);
    m.size = cursor_uint(c, 4);
    uint64_t name_len = cursor_uint(c, 2), extra_len = cursor_uint(c, 2);
    uint64_t comment_len = cursor_uint(c, 2);
    cursor_skip(c, 8); /* disk, attributes */
    m.offset = cursor_uint(c, 4);
    View name = cursor_take(c, name_len), extra = cursor_take(c, extra_len);
    cursor_skip(c, comment_len);
    if (c->failed)
        return fail(z, "its directory is damaged");
    apply_zip64(extra, &m);
    m.name = arena_strndup(files_arena(z->files), (const char *)name.at, name.size);
    vec_push(files_arena(z->files), &z->members, m);
    return true;
}

bool zip_open(Zip *z, Files *files, View bytes) {
    *z = (Zip){.files = files, .bytes = bytes};
    Directory dir;
    View entries;
    if (!read_end(z, &dir))
        return false;
    if (!view_slice(bytes, z->base + dir.offset, dir.size, &entries))
        return fail(z, "its directory lies outside of it");
    Cursor c = cursor_at(entries, 0);
    for (uint64_t i = 0; i < dir.entries; i++)
        if (!read_member(z, &c))
            return false;
    return true;
}

const ZipMember *zip_find(const Zip *z, const char *name) {
    const ZipMember *nested = NULL;
    for (size_t i = 0; i < z->members.count; i++) {
        const ZipMember *m = &z->members.at[i];
        const char *slash = strchr(m->name, '/');
        if (!strcmp(m->name, name))
            return m;
        if (!nested && slash && !strcmp(slash + 1, name))
            nested = m;
    }
    return nested;
}

/* Feeds zlib in pieces that its 32-bit counts can hold. */
static bool inflate_all(z_stream *s, View from, unsigned char *to, uint64_t size) {
    uint64_t taken = 0, given = 0;
    int status = Z_OK;
    while (status == Z_OK) {
        uint64_t in = from.size - taken, out = size - given;
        s->next_in = (unsigned char *)from.at + taken; /* zlib does not write to it */
        s->avail_in = in > UINT_MAX ? UINT_MAX : (unsigned)in;
        s->next_out = to + given;
        s->avail_out = out > UINT_MAX ? UINT_MAX : (unsigned)out;
        status = inflate(s, Z_NO_FLUSH);
        taken = (uint64_t)(s->next_in - from.at);
        given = (uint64_t)(s->next_out - to);
    }
    return status == Z_STREAM_END && given == size;
}

static bool inflate_member(Zip *z, const ZipMember *m, View from, View *out) {
    /* Members may overlap: together, too, they cannot honestly be more than the file expanded. */
    z->inflated += m->size < LARGEST_INFLATED ? m->size : LARGEST_INFLATED;
    if (m->size > LARGEST_INFLATED || z->inflated / EXPANSION > z->bytes.size)
        return fail(z, "a member would inflate to more than is allowed (8 GB)");
    unsigned char *to = files_alloc(z->files, m->size);
    if (!to)
        return fail(z, "there is not enough memory to inflate a member");
    z_stream s = {0};
    if (inflateInit2(&s, -MAX_WBITS) != Z_OK)
        return fail(z, "there is not enough memory to inflate a member");
    bool ok = inflate_all(&s, from, to, m->size);
    inflateEnd(&s);
    if (!ok || crc32_z(0, to, m->size) != m->crc) {
        files_release(z->files, to);
        return fail(z, "a compressed member is damaged");
    }
    *out = (View){to, m->size};
    return true;
}

bool zip_read(Zip *z, const ZipMember *m, View *out) {
    enum { STORED, DEFLATED = 8, ENCRYPTED = 1 };
    Cursor c = cursor_at(z->bytes, z->base + m->offset);
    cursor_expect(&c, "PK\3\4", 4);
    cursor_skip(&c, 22);
    uint64_t name = cursor_uint(&c, 2), extra = cursor_uint(&c, 2);
    cursor_skip(&c, name + extra);
    View from = cursor_take(&c, m->stored);
    if (c.failed)
        return fail(z, "a member lies outside of it");
    if (m->flags & ENCRYPTED)
        return fail(z, "a member is encrypted");
    if (m->method == STORED) {
        *out = from;
        return m->size == m->stored || fail(z, "a member's two sizes differ");
    }
    return m->method == DEFLATED
               ? inflate_member(z, m, from, out)
               : fail(z, "a member is compressed with something else than deflate");
}
