/* HDF5 groups: symbol tables (a B-tree of names in a local heap) and link messages. */
#include "hdf5_internal.h"

#include <stdlib.h>
#include <string.h>

enum { TREE_DEPTH = 32, SYMBOL_ENTRY = 40, SOFT_LINK = 2 };

typedef struct Names {
    Hdf5Links *links;
    View heap; /* the local heap's data: names, NUL-terminated */
} Names;

static const char *heap_name(Hdf5 *h, View heap, uint64_t offset) {
    if (offset < heap.size) {
        size_t room = heap.size - offset, len = strnlen((const char *)heap.at + offset, room);
        if (len < room && hdf5_charge(h, len + 1))
            return (const char *)heap.at + offset;
    }
    hdf5_damaged(h, "a name lies outside of its group's heap");
    return NULL;
}

/* SNOD: version, reserved, count, entries of {name, header, cache type, reserved, scratch}. */
static bool read_symbols(Hdf5 *h, uint64_t address, Names *names) {
    Cursor c = hdf5_structure(h, address, "SNOD", 8);
    cursor_skip(&c, 2);
    uint64_t count = cursor_uint(&c, 2);
    View entries = cursor_take(&c, count * SYMBOL_ENTRY);
    if (c.failed)
        return hdf5_damaged(h, "the symbols at byte %llu are cut short",
                            (unsigned long long)address);
    if (!hdf5_charge(h, entries.size))
        return false;
    Cursor e = cursor_at(entries, 0);
    for (uint64_t i = 0; i < count; i++) {
        const char *name = heap_name(h, names->heap, cursor_uint(&e, 8));
        uint64_t header = cursor_uint(&e, 8);
        bool soft = cursor_uint(&e, 4) == SOFT_LINK;
        cursor_skip(&e, 20);
        if (!name)
            return false;
        vec_push(h->arena, names->links, (Hdf5Link){name, header, !soft});
    }
    return true;
}

/* TREE: type, level, count, siblings, key 0, child 0, key 1, ... A child's level is its parent's
 * less one: that ends every descent. */
static bool read_tree(Hdf5 *h, uint64_t address, int level, Names *names) {
    Cursor c = hdf5_structure(h, address, "TREE", 24);
    unsigned type = (unsigned)cursor_uint(&c, 1);
    int found = (int)cursor_uint(&c, 1);
    uint64_t count = cursor_uint(&c, 2);
    cursor_skip(&c, 16);
    if (!h->trouble && (type != 0 || found >= TREE_DEPTH || (level >= 0 && found != level)))
        return hdf5_damaged(h, "the B-tree at byte %llu is not a group's",
                            (unsigned long long)address);
    for (uint64_t i = 0; i < count && !h->trouble; i++) {
        cursor_skip(&c, 8);
        uint64_t child = cursor_uint(&c, 8);
        if (c.failed || !hdf5_charge(h, 16))
            return hdf5_damaged(h, "the B-tree at byte %llu is cut short",
                                (unsigned long long)address);
        if (!(found ? read_tree(h, child, found - 1, names) : read_symbols(h, child, names)))
            return false;
    }
    return !h->trouble;
}

static bool read_symbol_table(Hdf5 *h, View message, Hdf5Links *links) {
    Cursor c = cursor_at(message, 0);
    uint64_t tree = cursor_uint(&c, 8), heap = cursor_uint(&c, 8);
    if (c.failed)
        return hdf5_damaged(h, "a group's symbol table is cut short");
    Cursor p = hdf5_structure(h, heap, "HEAP", 32);
    cursor_skip(&p, 4); /* version */
    uint64_t size = cursor_uint(&p, 8);
    cursor_skip(&p, 8); /* free list */
    uint64_t data = cursor_uint(&p, 8);
    Names names = {.links = links};
    return hdf5_bytes(h, data, size, "a group's heap", &names.heap) &&
           read_tree(h, tree, -1, &names);
}

/* Version, flags, [type], [creation order], [character set], name length, name, target. */
bool hdf5_link_message(Hdf5 *h, View data, Hdf5Link *link) {
    Cursor c = cursor_at(data, 0);
    unsigned version = (unsigned)cursor_uint(&c, 1), flags = (unsigned)cursor_uint(&c, 1);
    unsigned type = flags & 8 ? (unsigned)cursor_uint(&c, 1) : 0;
    cursor_skip(&c, (flags & 4 ? 8 : 0) + (flags & 16 ? 1 : 0));
    View name = cursor_take(&c, cursor_uint(&c, 1 << (flags & 3)));
    *link = (Hdf5Link){.hard = type == 0};
    if (link->hard)
        link->address = cursor_uint(&c, 8);
    if (c.failed || version != 1 || memchr(name.at, 0, name.size))
        return hdf5_damaged(h, "a link of a group is cut short");
    link->name = arena_strndup(h->arena, (const char *)name.at, name.size);
    return hdf5_charge(h, data.size);
}

static bool add_link(Hdf5 *h, View data, void *links) {
    Hdf5Link link;
    if (!hdf5_link_message(h, data, &link))
        return false;
    vec_push(h->arena, (Hdf5Links *)links, link);
    return true;
}

/* Many links stand in a fractal heap: version, flags, [largest creation index], heap, B-tree by
 * name. */
static bool read_link_info(Hdf5 *h, View message, Hdf5Links *links) {
    enum { HASH = 4 }; /* a record is the name's hash and the heap id */
    Cursor c = cursor_at(message, 0);
    cursor_skip(&c, 1);
    unsigned flags = (unsigned)cursor_uint(&c, 1);
    cursor_skip(&c, flags & 1 ? 8 : 0);
    uint64_t heap = cursor_uint(&c, 8), tree = cursor_uint(&c, 8);
    if (c.failed)
        return hdf5_damaged(h, "a group's link information is cut short");
    return heap == HDF5_UNDEFINED || hdf5_heap_walk(h, heap, tree, HASH, add_link, links);
}

static int by_name(const void *a, const void *b) {
    return strcmp(((const Hdf5Link *)a)->name, ((const Hdf5Link *)b)->name);
}

static bool read_links(Hdf5 *h, const Hdf5Object *o, Hdf5Links *links) {
    for (size_t i = 0; i < o->messages.count; i++) {
        const Hdf5Message *m = &o->messages.at[i];
        if (m->type == MESSAGE_SYMBOL_TABLE && !read_symbol_table(h, m->data, links))
            return false;
        if (m->type == MESSAGE_LINK && !add_link(h, m->data, links))
            return false;
        if (m->type == MESSAGE_LINK_INFO && !read_link_info(h, m->data, links))
            return false;
    }
    if (links->count)
        qsort(links->at, links->count, sizeof *links->at, by_name);
    return !h->trouble;
}

const Hdf5Links *hdf5_links(Hdf5 *h, const Hdf5Object *group) {
    Hdf5Object *o = (Hdf5Object *)group; /* ours: the links are a cache */
    if (!h->trouble && !o->links_known) {
        read_links(h, o, &o->links);
        o->links_known = true;
    }
    return h->trouble ? NULL : &o->links;
}
