/* HDF5 fractal heaps, and the version-2 B-trees that list their objects: what libver='latest' keeps
 * more than eight links or attributes in. */
#include "hdf5_internal.h"

enum { TREE_DEPTH = 16, HEAP_DEPTH = 16, CHECKSUM = 4 };

/* A heap is a doubling table: rows of `width` blocks; rows 0 and 1 have blocks of `start` bytes,
 * each row after that twice as large ones. Small rows are direct blocks, larger ones are tables
 * again. */
typedef struct Heap {
    Hdf5 *h;
    uint64_t address;
    uint64_t width, start, max_direct;
    unsigned offset_bytes, length_bytes; /* of a managed object's heap id */
    uint64_t root;
    unsigned rows; /* of the root table; 0: the root is a direct block */
} Heap;

static unsigned bytes_for(uint64_t n) {
    unsigned bytes = 1;
    while (n >>= 8)
        bytes++;
    return bytes;
}

static bool power_of_two(uint64_t n) {
    return n && !(n & (n - 1));
}

static bool read_heap(Heap *p) {
    Cursor c = hdf5_structure(p->h, p->address, "FRHP", 142);
    cursor_skip(&c, 3); /* version, length of an id */
    uint64_t filters = cursor_uint(&c, 2);
    cursor_skip(&c, 1);
    uint64_t max_object = cursor_uint(&c, 4);
    cursor_skip(&c, 12 * 8); /* huge, free, managed and tiny objects: statistics */
    p->width = cursor_uint(&c, 2);
    p->start = cursor_uint(&c, 8);
    p->max_direct = cursor_uint(&c, 8);
    uint64_t bits = cursor_uint(&c, 2);
    cursor_skip(&c, 2);
    p->root = cursor_uint(&c, 8);
    p->rows = (unsigned)cursor_uint(&c, 2);
    if (c.failed || !power_of_two(p->width) || !power_of_two(p->start) ||
        !power_of_two(p->max_direct) || p->start > p->max_direct || p->max_direct > UINT32_MAX ||
        bits > 64 || p->rows > 64)
        return hdf5_damaged(p->h, "the heap at byte %llu is cut short",
                            (unsigned long long)p->address);
    if (filters)
        return hdf5_unsupported(p->h, "it has compressed groups");
    p->offset_bytes = (unsigned)(bits + 7) / 8;
    p->length_bytes = bytes_for(max_object < p->max_direct ? max_object : p->max_direct);
    return true;
}

/* The bytes of a managed object that starts `offset` bytes into the table of `rows` rows at
 * `address`. */
static bool locate(Heap *p, uint64_t address, unsigned rows, uint64_t offset, uint64_t len,
                   int depth, View *out) {
    if (!rows)
        return hdf5_bytes(p->h, address + offset, len, "a link", out);
    uint64_t block = p->start, row_start = 0;
    unsigned row = 0;
    while (row < rows && offset - row_start >= block * p->width) {
        row_start += block * p->width;
        if (row++)
            block *= 2;
    }
    Cursor c = hdf5_structure(p->h, address, "FHIB", 16);
    if (depth >= HEAP_DEPTH || row >= rows || !block || block > UINT64_MAX / 4 / p->width)
        return hdf5_damaged(p->h, "a link lies outside of its heap");
    uint64_t column = (offset - row_start) / block;
    cursor_skip(&c, 9 + p->offset_bytes + 8 * (row * p->width + column));
    uint64_t child = cursor_uint(&c, 8);
    if (c.failed)
        return hdf5_damaged(p->h, "the heap at byte %llu is cut short",
                            (unsigned long long)p->address);
    unsigned child_rows = 0; /* a table of n rows spans start * width * 2^(n - 1) bytes */
    if (block > p->max_direct)
        for (uint64_t span = p->start * p->width; child_rows++, span < block;)
            span *= 2;
    return locate(p, child, child_rows, offset - row_start - column * block, len, depth + 1, out);
}

/* Heap id: version and type, then offset and length of a managed object, or a tiny one's bytes. */
static bool heap_object(Heap *p, View id, View *out) {
    enum { MANAGED, HUGE, TINY };
    Cursor c = cursor_at(id, 0);
    unsigned first = (unsigned)cursor_uint(&c, 1);
    switch (first >> 4 & 3) {
    case MANAGED: {
        uint64_t offset = cursor_uint(&c, (int)p->offset_bytes);
        uint64_t len = cursor_uint(&c, (int)p->length_bytes);
        return c.failed ? hdf5_damaged(p->h, "a heap id is cut short")
                        : locate(p, p->root, p->rows, offset, len, 0, out);
    }
    case TINY:
        *out = cursor_take(&c, (first & 15) + 1);
        return !c.failed || hdf5_damaged(p->h, "a heap id is cut short");
    default:
        return hdf5_unsupported(p->h, "it has names or attributes of more than 64 KB");
    }
}

typedef struct Tree {
    Heap heap;
    uint64_t node_size, record_size;
    int id_offset;
    Hdf5Each *each;
    void *user;
    uint64_t most[TREE_DEPTH];  /* records that a node of a depth can hold */
    unsigned total[TREE_DEPTH]; /* bytes that count the records under such a node */
} Tree;

static bool read_record(Tree *t, View record) {
    View id, object;
    return view_slice(record, (uint64_t)t->id_offset, record.size - (uint64_t)t->id_offset, &id) &&
           heap_object(&t->heap, id, &object) && t->each(t->heap.h, object, t->user);
}

/* Leaf: signature, version, type, records. Inner: the same, then children of {address, records,
 * [records in all]}. */
static bool read_node(Tree *t, uint64_t address, uint64_t records, int depth) {
    Hdf5 *h = t->heap.h;
    Cursor c = hdf5_structure(h, address, depth ? "BTIN" : "BTLF", 16);
    cursor_skip(&c, 2);
    View all = cursor_take(&c, records * t->record_size); /* 2^16 * 2^16 at most */
    if (c.failed)
        return hdf5_damaged(h, "the B-tree at byte %llu is cut short", (unsigned long long)address);
    if (!hdf5_charge(h, all.size))
        return false;
    for (uint64_t i = 0; i < records; i++) {
        View record;
        view_slice(all, i * t->record_size, t->record_size, &record);
        if (!read_record(t, record))
            return false;
    }
    for (uint64_t i = 0; depth && i <= records; i++) {
        uint64_t child = cursor_uint(&c, 8);
        uint64_t n = cursor_uint(&c, (int)bytes_for(t->most[depth - 1]));
        cursor_skip(&c, depth > 1 ? t->total[depth - 1] : 0);
        if (c.failed || n > UINT16_MAX || !read_node(t, child, n, depth - 1))
            return hdf5_damaged(h, "the B-tree at byte %llu is cut short",
                                (unsigned long long)address);
    }
    return true;
}

/* How wide the counts in a node are follows from how many records fit below it. */
static bool measure(Tree *t, int depth) {
    enum { HEAD = 6 };
    uint64_t under = 0;
    for (int d = 0; d <= depth; d++) {
        uint64_t pointer = d ? 8 + bytes_for(t->most[d - 1]) + (d > 1 ? t->total[d - 1] : 0) : 0;
        uint64_t fixed = HEAD + CHECKSUM + pointer;
        if (t->node_size < fixed + t->record_size + pointer)
            return false;
        t->most[d] = (t->node_size - fixed) / (t->record_size + pointer);
        if (__builtin_mul_overflow(under, t->most[d] + 1, &under) ||
            __builtin_add_overflow(under, t->most[d], &under))
            return false;
        t->total[d] = bytes_for(under);
    }
    return true;
}

bool hdf5_heap_walk(Hdf5 *h, uint64_t heap, uint64_t btree, int id_offset, Hdf5Each *each,
                    void *user) {
    Tree t = {
        .heap = {.h = h, .address = heap}, .id_offset = id_offset, .each = each, .user = user};
    if (!read_heap(&t.heap))
        return false;
    Cursor c = hdf5_structure(h, btree, "BTHD", 38);
    cursor_skip(&c, 2); /* version, type */
    t.node_size = cursor_uint(&c, 4);
    t.record_size = cursor_uint(&c, 2);
    int depth = (int)cursor_uint(&c, 2);
    cursor_skip(&c, 2);
    uint64_t root = cursor_uint(&c, 8), records = cursor_uint(&c, 2);
    if (c.failed || t.record_size <= (uint64_t)id_offset || depth >= TREE_DEPTH ||
        !measure(&t, depth))
        return hdf5_damaged(h, "the B-tree at byte %llu is cut short", (unsigned long long)btree);
    return !records || root == HDF5_UNDEFINED || read_node(&t, root, records, depth);
}
