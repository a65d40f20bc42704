/* HDF5 files: every structure's place is computed first, then all are written in the order of their
 * places.
 *
 *     superblock | group: header, heap, B-tree, symbols | group ... | data of dataset | ... */
#include "hdf5_write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    SUPERBLOCK = 96,
    OBJECT_HEADER = 16,
    MESSAGE = 8,
    SYMBOL_TABLE = 16,
    HEAP = 32,
    TREE = 24,
    SYMBOLS = 8,
    SYMBOL = 40,
    LEAF_K = 4, /* 2 * LEAF_K symbols in a SNOD */
    INTERNAL_K = 16,
    MAX_RANK = 8,
};

#define UNDEFINED UINT64_MAX

typedef Vec(struct Hdf5Node *) Nodes;

struct Hdf5Node {
    const char *name;
    bool is_group;
    Nodes children;         /* of a group */
    const char *key, *text; /* its attribute, or NULL */
    const float *data;      /* of a dataset */
    int rank;
    int64_t dims[MAX_RANK];
    uint64_t bytes;
    /* Places in the file. */
    uint64_t header, heap, heap_data, heap_size, tree, symbols, content;
};

typedef struct Writer {
    FILE *out;
    uint64_t at, end; /* bytes written so far, and in all */
    unsigned internal_k;
} Writer;

Hdf5Node *hdf5_new_group(Arena *a) {
    Hdf5Node *n = arena_alloc(a, sizeof *n);
    n->is_group = true;
    return n;
}

static void adopt(Arena *a, Hdf5Node *parent, const char *name, Hdf5Node *child) {
    child->name = arena_strdup(a, name);
    vec_push(a, &parent->children, child);
}

Hdf5Node *hdf5_add_group(Arena *a, Hdf5Node *parent, const char *name) {
    for (size_t i = 0; i < parent->children.count; i++)
        if (!strcmp(parent->children.at[i]->name, name))
            return parent->children.at[i];
    Hdf5Node *n = hdf5_new_group(a);
    adopt(a, parent, name, n);
    return n;
}

void hdf5_add_floats(Arena *a, Hdf5Node *parent, const char *name, const float *data, int rank,
                     const int64_t *dims) {
    Hdf5Node *n = arena_alloc(a, sizeof *n);
    n->data = data;
    n->rank = rank;
    n->bytes = sizeof *data;
    for (int i = 0; i < rank; i++) {
        n->dims[i] = dims[i];
        n->bytes *= (uint64_t)dims[i];
    }
    adopt(a, parent, name, n);
}

void hdf5_set_attribute(Hdf5Node *group, const char *name, const char *text) {
    group->key = name;
    group->text = text;
}

static uint64_t padded(uint64_t n) {
    return (n + 7) / 8 * 8;
}

static uint64_t attribute_size(const Hdf5Node *n) {
    return 8 + padded(strlen(n->key) + 1) + 8 + 8 + padded(strlen(n->text) + 1);
}

/* Header messages of a dataset: dataspace, datatype, fill value, layout. */
static uint64_t dataspace_size(const Hdf5Node *n) {
    return 8 + 8 * (uint64_t)n->rank;
}

enum { DATATYPE_BODY = 24, FILL_BODY = 8, LAYOUT_BODY = 24 };

static uint64_t messages_size(const Hdf5Node *n) {
    if (n->is_group)
        return MESSAGE + SYMBOL_TABLE + (n->key ? MESSAGE + attribute_size(n) : 0);
    return 4 * MESSAGE + dataspace_size(n) + DATATYPE_BODY + FILL_BODY + LAYOUT_BODY;
}

static size_t nsymbol_nodes(const Hdf5Node *n) {
    return (n->children.count + 2 * LEAF_K - 1) / (2 * LEAF_K);
}

static uint64_t tree_size(const Writer *w) {
    return TREE + 8 * (4 * (uint64_t)w->internal_k + 1);
}

static uint64_t symbols_size(void) {
    return SYMBOLS + 2 * LEAF_K * SYMBOL;
}

static int by_name(const void *a, const void *b) {
    return strcmp((*(Hdf5Node *const *)a)->name, (*(Hdf5Node *const *)b)->name);
}

/* A group's B-tree is one node: K is made large enough for the group with the most children. */
static void sort_children(Writer *w, Hdf5Node *n) {
    if (n->children.count)
        qsort(n->children.at, n->children.count, sizeof *n->children.at, by_name);
    if (nsymbol_nodes(n) > 2 * w->internal_k)
        w->internal_k = (unsigned)(nsymbol_nodes(n) + 1) / 2;
    for (size_t i = 0; i < n->children.count; i++)
        sort_children(w, n->children.at[i]);
}

static uint64_t take(Writer *w, uint64_t size) {
    uint64_t at = w->end;
    w->end += padded(size);
    return at;
}

static void place(Writer *w, Hdf5Node *n) {
    n->header = take(w, OBJECT_HEADER + messages_size(n));
    if (!n->is_group) {
        n->content = n->bytes ? take(w, n->bytes) : UNDEFINED;
        return;
    }
    n->heap = take(w, HEAP);
    n->heap_size = 8;
    for (size_t i = 0; i < n->children.count; i++)
        n->heap_size += padded(strlen(n->children.at[i]->name) + 1);
    n->heap_data = take(w, n->heap_size);
    n->tree = take(w, tree_size(w));
    n->symbols = take(w, nsymbol_nodes(n) * symbols_size());
    for (size_t i = 0; i < n->children.count; i++)
        place(w, n->children.at[i]);
}

static void put(Writer *w, const void *bytes, size_t size) {
    fwrite(bytes, 1, size, w->out);
    w->at += size;
}

static void put_uint(Writer *w, uint64_t value, int bytes) {
    unsigned char text[8];
    for (int i = 0; i < bytes; i++)
        text[i] = (unsigned char)(value >> 8 * i);
    put(w, text, (size_t)bytes);
}

static void put_zeros(Writer *w, uint64_t count) {
    static const unsigned char zeros[512];
    for (; count; count -= count < sizeof zeros ? count : sizeof zeros)
        put(w, zeros, count < sizeof zeros ? (size_t)count : sizeof zeros);
}

static void put_text(Writer *w, const char *text) {
    size_t size = strlen(text) + 1;
    put(w, text, size);
    put_zeros(w, padded(size) - size);
}

static void put_message(Writer *w, unsigned type, uint64_t size, unsigned flags) {
    put_uint(w, type, 2);
    put_uint(w, size, 2);
    put_uint(w, flags, 1);
    put_zeros(w, 3);
}

static void put_object_header(Writer *w, const Hdf5Node *n, unsigned messages) {
    put_uint(w, 1, 1);
    put_zeros(w, 1);
    put_uint(w, messages, 2);
    put_uint(w, 1, 4); /* references */
    put_uint(w, messages_size(n), 4);
    put_zeros(w, 4);
}

/* Version 1: sizes, name, a NUL-terminated UTF-8 string of fixed length, a scalar dataspace, data.
 */
static void put_attribute(Writer *w, const Hdf5Node *n) {
    put_message(w, 0x0C, attribute_size(n), 0);
    put_uint(w, 1, 2);
    put_uint(w, strlen(n->key) + 1, 2);
    put_uint(w, 8, 2); /* datatype */
    put_uint(w, 8, 2); /* dataspace */
    put_text(w, n->key);
    put_uint(w, 0x13, 1);
    put_uint(w, 0x10, 3); /* NUL-terminated, UTF-8 */
    put_uint(w, strlen(n->text) + 1, 4);
    put_uint(w, 1, 1);
    put_zeros(w, 7);
    put_text(w, n->text);
}

static void put_heap(Writer *w, const Hdf5Node *n) {
    put(w, "HEAP", 4);
    put_zeros(w, 4);
    put_uint(w, n->heap_size, 8);
    put_uint(w, 1, 8); /* no free block */
    put_uint(w, n->heap_data, 8);
    put_zeros(w, 8); /* the empty name */
    for (size_t i = 0; i < n->children.count; i++)
        put_text(w, n->children.at[i]->name);
}

/* Key i + 1 is the last name under child i. */
static void put_tree(Writer *w, const Hdf5Node *n) {
    uint64_t end = w->at + tree_size(w), offset = 8;
    size_t children = n->children.count, nodes = nsymbol_nodes(n);
    put(w, "TREE", 4);
    put_uint(w, 0, 2); /* of a group, level 0 */
    put_uint(w, nodes, 2);
    put_uint(w, UNDEFINED, 8);
    put_uint(w, UNDEFINED, 8);
    put_uint(w, 0, 8);
    for (size_t node = 0; node < nodes; node++) {
        size_t last = (node + 1) * 2 * LEAF_K < children ? (node + 1) * 2 * LEAF_K : children;
        uint64_t key = 0;
        for (size_t i = node * 2 * LEAF_K; i < last; i++) {
            key = offset;
            offset += padded(strlen(n->children.at[i]->name) + 1);
        }
        put_uint(w, n->symbols + node * symbols_size(), 8);
        put_uint(w, key, 8);
    }
    put_zeros(w, end - w->at);
}

static void put_symbols(Writer *w, const Hdf5Node *n) {
    uint64_t offset = 8;
    for (size_t first = 0; first < n->children.count; first += 2 * LEAF_K) {
        uint64_t end = w->at + symbols_size();
        size_t rest = n->children.count - first, count = rest < 2 * LEAF_K ? rest : 2 * LEAF_K;
        put(w, "SNOD", 4);
        put_uint(w, 1, 2);
        put_uint(w, count, 2);
        for (size_t i = first; i < first + count; i++) {
            put_uint(w, offset, 8);
            put_uint(w, n->children.at[i]->header, 8);
            put_zeros(w, 24);
            offset += padded(strlen(n->children.at[i]->name) + 1);
        }
        put_zeros(w, end - w->at);
    }
}

static void put_group(Writer *w, const Hdf5Node *n) {
    put_object_header(w, n, n->key ? 2 : 1);
    put_message(w, 0x11, SYMBOL_TABLE, 0);
    put_uint(w, n->tree, 8);
    put_uint(w, n->heap, 8);
    if (n->key)
        put_attribute(w, n);
    put_heap(w, n);
    put_tree(w, n);
    put_symbols(w, n);
}

static void put_dataspace(Writer *w, const Hdf5Node *n) {
    put_message(w, 0x01, dataspace_size(n), 0);
    put_uint(w, 1, 1);
    put_uint(w, (unsigned)n->rank, 1);
    put_zeros(w, 6);
    for (int i = 0; i < n->rank; i++)
        put_uint(w, (uint64_t)n->dims[i], 8);
}

/* IEEE single precision, little-endian. */
static void put_float_type(Writer *w) {
    put_message(w, 0x03, DATATYPE_BODY, 1);
    put_uint(w, 0x11, 1);
    put_uint(w, 0x1F20, 3);
    put_uint(w, 4, 4);
    put_uint(w, 0, 2);
    put_uint(w, 32, 2);
    put_uint(w, 23, 1); /* exponent's place and size */
    put_uint(w, 8, 1);
    put_uint(w, 0, 1); /* mantissa's */
    put_uint(w, 23, 1);
    put_uint(w, 127, 4);
    put_zeros(w, 4);
}

static void put_dataset(Writer *w, const Hdf5Node *n) {
    put_object_header(w, n, 4);
    put_dataspace(w, n);
    put_float_type(w);
    put_message(w, 0x05, FILL_BODY, 1);
    put_uint(w, 0x01000202, 4); /* version 2, allocated late, written if set, default value */
    put_zeros(w, 4);
    put_message(w, 0x08, LAYOUT_BODY, 0);
    put_uint(w, 0x0103, 2); /* version 3, contiguous */
    put_uint(w, n->content, 8);
    put_uint(w, n->bytes, 8);
    put_zeros(w, 6);
    put(w, n->data, n->bytes);
    put_zeros(w, padded(n->bytes) - n->bytes);
}

static void put_node(Writer *w, const Hdf5Node *n) {
    if (!n->is_group) {
        put_dataset(w, n);
        return;
    }
    put_group(w, n);
    for (size_t i = 0; i < n->children.count; i++)
        put_node(w, n->children.at[i]);
}

static void put_superblock(Writer *w, const Hdf5Node *root) {
    put(w, "\x89HDF\r\n\x1a\n", 8);
    put_zeros(w, 5);   /* versions */
    put_uint(w, 8, 1); /* bytes of addresses and lengths */
    put_uint(w, 8, 1);
    put_zeros(w, 1);
    put_uint(w, LEAF_K, 2);
    put_uint(w, w->internal_k, 2);
    put_zeros(w, 4);
    put_uint(w, 0, 8); /* base */
    put_uint(w, UNDEFINED, 8);
    put_uint(w, w->end, 8);
    put_uint(w, UNDEFINED, 8);
    put_uint(w, 0, 8); /* the root's entry: name, header, cached B-tree and heap */
    put_uint(w, root->header, 8);
    put_uint(w, 1, 8);
    put_uint(w, root->tree, 8);
    put_uint(w, root->heap, 8);
}

/* The size of a message in a header has 16 bits. */
static bool is_representable(const Hdf5Node *n) {
    if (n->is_group && n->key && attribute_size(n) > UINT16_MAX)
        return false;
    for (size_t i = 0; i < n->children.count; i++)
        if (!is_representable(n->children.at[i]))
            return false;
    return true;
}

bool hdf5_write(Hdf5Node *root, FILE *out) {
    if (!is_representable(root)) {
        errno = ENAMETOOLONG;
        return false;
    }
    Writer w = {.out = out, .internal_k = INTERNAL_K, .end = SUPERBLOCK};
    sort_children(&w, root);
    place(&w, root);
    put_superblock(&w, root);
    put_node(&w, root);
    return !ferror(out);
}
