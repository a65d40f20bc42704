/* HDF5 chunked datasets: chunks in a B-tree, each through its filters. Keras itself never writes
 * them; users re-pack files with gzip. */
#include "hdf5_internal.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { MAX_FILTERS = 8, TREE_DEPTH = 32, EXPANSION = 1100 }; /* deflate gives at most 1032 to 1 */

typedef enum FilterId { FILTER_DEFLATE = 1, FILTER_SHUFFLE = 2, FILTER_FLETCHER32 = 3 } FilterId;

typedef struct Chunks {
    Hdf5 *h;
    const Hdf5Space *space;
    const Hdf5Type *type;
    uint64_t chunk[HDF5_MAX_RANK]; /* its shape */
    size_t chunk_bytes;            /* unfiltered; at the edges too */
    unsigned filters[MAX_FILTERS];
    int nfilters;
    unsigned char *out;   /* the whole array */
    unsigned char *a, *b; /* chunk_bytes each, or a little more: work space */
    size_t room;          /* of a and b */
} Chunks;

static const char *filter_name(unsigned id) {
    switch (id) {
    case 4:
        return "szip";
    case 5:
        return "nbit";
    case 6:
        return "scaleoffset";
    case 32000:
        return "lzf";
    case 32001:
        return "blosc";
    case 32015:
        return "zstd";
    default:
        return "an unknown filter";
    }
}

/* Version, count; each: id, [name length], flags, values, [name], values, [padding]. */
static bool read_filters(Chunks *k, View data) {
    Hdf5 *h = k->h;
    Cursor c = cursor_at(data, 0);
    unsigned version = (unsigned)cursor_uint(&c, 1), count = (unsigned)cursor_uint(&c, 1);
    cursor_skip(&c, version == 1 ? 6 : 0);
    if (count > MAX_FILTERS || (version != 1 && version != 2))
        return hdf5_unsupported(h, "an array in it has %u filters", count);
    for (unsigned i = 0; i < count; i++) {
        unsigned id = (unsigned)cursor_uint(&c, 2);
        uint64_t name = version == 1 || id >= 256 ? cursor_uint(&c, 2) : 0;
        cursor_skip(&c, 2);
        uint64_t values = cursor_uint(&c, 2);
        cursor_skip(&c, version == 1 ? (name + 7) / 8 * 8 : name);
        cursor_skip(&c, values * 4 + (version == 1 && values % 2 ? 4 : 0));
        if (id < FILTER_DEFLATE || id > FILTER_FLETCHER32)
            return hdf5_unsupported(h, "an array in it is compressed with %s", filter_name(id));
        k->filters[k->nfilters++] = id;
    }
    return !c.failed || hdf5_damaged(h, "an array's filters are cut short");
}

/* Chunk shape as 32-bit numbers, the element's size last. */
static bool read_chunk_shape(Chunks *k, Cursor *c, unsigned rank) {
    uint64_t bytes = k->type->size;
    if (rank != (unsigned)k->space->rank + 1)
        return hdf5_damaged(k->h, "an array's chunks have another rank than it has");
    for (unsigned i = 0; i + 1 < rank; i++) {
        k->chunk[i] = cursor_uint(c, 4);
        if (!k->chunk[i] || __builtin_mul_overflow(bytes, k->chunk[i], &bytes) ||
            bytes > UINT32_MAX)
            return hdf5_damaged(k->h, "an array's chunks have an impossible shape");
    }
    if (cursor_uint(c, 4) != k->type->size || c->failed)
        return hdf5_damaged(k->h, "an array's chunks have other elements than it has");
    if (bytes / EXPANSION > k->h->bytes.size)
        return hdf5_damaged(k->h, "an array's chunks are larger than the file could hold");
    k->chunk_bytes = (size_t)bytes;
    return true;
}

/* Reads *data of *size bytes from one of the two work spaces or the file; leaves them pointing to
 * the result. */
static bool inflate_chunk(Chunks *k, const unsigned char **data, size_t *size) {
    unsigned char *to = *data == k->a ? k->b : k->a;
    uLongf room = k->room;
    if (uncompress(to, &room, *data, *size) != Z_OK)
        return hdf5_damaged(k->h, "a compressed chunk of an array does not inflate");
    *data = to;
    *size = room;
    return true;
}

/* Byte j of every element stands together: put the elements together again. */
static bool unshuffle_chunk(Chunks *k, const unsigned char **data, size_t *size) {
    unsigned char *to = *data == k->a ? k->b : k->a;
    size_t width = k->type->size, count = *size / width;
    if (*size > k->room)
        return hdf5_damaged(k->h, "a chunk of an array is too long");
    for (size_t j = 0; j < width; j++)
        for (size_t i = 0; i < count; i++)
            to[i * width + j] = (*data)[j * count + i];
    memcpy(to + count * width, *data + count * width, *size - count * width);
    *data = to;
    return true;
}

/* Fletcher's checksum over big-endian 16-bit words, an odd byte last. Sums are kept modulo 65535 as
 * HDF5 does it: by folding, which leaves 65535 where % would give 0. */
static uint32_t fletcher32(const unsigned char *data, size_t size) {
    uint32_t a = 0, b = 0;
    for (size_t i = 0; i < size; i += 2) {
        a += (uint32_t)data[i] << 8 | (i + 1 < size ? data[i + 1] : 0);
        a = (a & 0xFFFF) + (a >> 16);
        b += a;
        b = (b & 0xFFFF) + (b >> 16);
    }
    return b << 16 | a;
}

static bool check_chunk(Chunks *k, const unsigned char **data, size_t *size) {
    if (*size < 4)
        return hdf5_damaged(k->h, "a chunk of an array is cut short");
    *size -= 4;
    Cursor c = cursor_at((View){*data + *size, 4}, 0);
    if (fletcher32(*data, *size) != cursor_uint(&c, 4))
        return hdf5_damaged(k->h, "a chunk of an array does not match its checksum");
    return true;
}

/* Undoes the filters, last first; those in the mask were not applied. */
static bool unfilter(Chunks *k, uint32_t mask, const unsigned char **data, size_t *size) {
    static bool (*const undo[])(Chunks *, const unsigned char **, size_t *) = {
        [FILTER_DEFLATE] = inflate_chunk,
        [FILTER_SHUFFLE] = unshuffle_chunk,
        [FILTER_FLETCHER32] = check_chunk,
    };
    for (int i = k->nfilters; i-- > 0;)
        if (!(mask >> i & 1) && !undo[k->filters[i]](k, data, size))
            return false;
    return *size == k->chunk_bytes ||
           hdf5_damaged(k->h, "a chunk of an array has %zu bytes instead of %zu", *size,
                        k->chunk_bytes);
}

/* Copies what lies inside of the array, row by row along the last axis. */
static void place_chunk(Chunks *k, const uint64_t *offset, const unsigned char *data) {
    int rank = k->space->rank;
    size_t width = k->type->size;
    uint64_t at[HDF5_MAX_RANK] = {0};
    uint64_t last = rank ? k->space->dim[rank - 1] - offset[rank - 1] : 1;
    uint64_t row = rank && last > k->chunk[rank - 1] ? k->chunk[rank - 1] : last;
    for (;;) {
        uint64_t from = 0, to = 0;
        for (int i = 0; i < rank; i++) {
            from = from * k->chunk[i] + at[i];
            to = to * k->space->dim[i] + offset[i] + at[i];
        }
        memcpy(k->out + to * width, data + from * width, row * width);
        int axis = rank - 2;
        while (axis >= 0 &&
               (++at[axis] == k->chunk[axis] || offset[axis] + at[axis] >= k->space->dim[axis]))
            at[axis--] = 0;
        if (axis < 0)
            return;
    }
}

static bool read_chunk(Chunks *k, uint64_t address, uint64_t size, uint32_t mask,
                       const uint64_t *offset) {
    View raw;
    for (int i = 0; i < k->space->rank; i++)
        if (offset[i] >= k->space->dim[i])
            return true; /* left over from when the array was larger */
    if (!hdf5_bytes(k->h, address, size, "a chunk of an array", &raw) || !hdf5_charge(k->h, size))
        return false;
    const unsigned char *data = raw.at;
    size_t len = raw.size;
    if (!unfilter(k, mask, &data, &len))
        return false;
    place_chunk(k, offset, data);
    return true;
}

/* Keys are {stored bytes, filter mask, offsets, 0}; a node's last key has no child. */
static bool read_tree(Chunks *k, uint64_t address, int level) {
    Hdf5 *h = k->h;
    Cursor c = hdf5_structure(h, address, "TREE", 24);
    unsigned type = (unsigned)cursor_uint(&c, 1);
    int found = (int)cursor_uint(&c, 1);
    uint64_t count = cursor_uint(&c, 2);
    cursor_skip(&c, 16);
    if (!h->trouble && (type != 1 || found >= TREE_DEPTH || (level >= 0 && found != level)))
        return hdf5_damaged(h, "the B-tree at byte %llu is not an array's",
                            (unsigned long long)address);
    for (uint64_t i = 0; i < count && !h->trouble; i++) {
        uint64_t size = cursor_uint(&c, 4), offset[HDF5_MAX_RANK] = {0};
        uint32_t mask = (uint32_t)cursor_uint(&c, 4);
        for (int axis = 0; axis < k->space->rank; axis++)
            offset[axis] = cursor_uint(&c, 8);
        cursor_skip(&c, 8);
        uint64_t child = cursor_uint(&c, 8);
        if (c.failed || !hdf5_charge(h, 24))
            return hdf5_damaged(h, "the B-tree at byte %llu is cut short",
                                (unsigned long long)address);
        if (!(found ? read_tree(k, child, found - 1) : read_chunk(k, child, size, mask, offset)))
            return false;
    }
    return !h->trouble;
}

/* Version 3: rank, B-tree, chunk shape. */
static bool read_chunks(Chunks *k, const Hdf5Object *o, Cursor c, int version) {
    const Hdf5Message *filters = hdf5_message(k->h, o, MESSAGE_FILTERS);
    if (version != 3)
        return hdf5_unsupported(k->h, "it has compressed or chunked arrays in the form of HDF5 "
                                      "1.10 (libver='latest')");
    unsigned rank = (unsigned)cursor_uint(&c, 1);
    uint64_t tree = cursor_uint(&c, 8), bytes;
    if (!read_chunk_shape(k, &c, rank) || (filters && !read_filters(k, filters->data)))
        return false;
    if (__builtin_mul_overflow(k->space->count, k->type->size, &bytes) ||
        bytes / EXPANSION > k->h->bytes.size)
        return hdf5_damaged(k->h, "an array is larger than the file could hold");
    k->room = k->chunk_bytes + 4; /* a checksum may stand inside of the compressed data */
    k->out = files_alloc(k->h->files, bytes);
    k->a = files_alloc(k->h->files, k->room);
    k->b = files_alloc(k->h->files, k->room);
    if (!k->out || !k->a || !k->b)
        return hdf5_unsupported(k->h, "there is not enough memory for an array of %llu bytes",
                                (unsigned long long)bytes);
    return !k->space->count || tree == HDF5_UNDEFINED || read_tree(k, tree, -1);
}

unsigned char *hdf5_chunked(Hdf5 *h, const Hdf5Object *o, Cursor layout, int version,
                            const Hdf5Space *space, const Hdf5Type *type) {
    Chunks k = {.h = h, .space = space, .type = type};
    bool ok = read_chunks(&k, o, layout, version);
    files_release(h->files, k.a);
    files_release(h->files, k.b);
    return ok ? k.out : NULL;
}
