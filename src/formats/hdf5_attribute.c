/* HDF5 attributes made of strings. */
#include "hdf5_internal.h"

#include <string.h>

typedef struct Attribute {
    View name, type, space, data;
} Attribute;

static uint64_t padded(unsigned version, uint64_t size) {
    return version == 1 ? (size + 7) / 8 * 8 : size;
}

/* Version, flags, three sizes, [character set], name, datatype, dataspace, data. */
static bool read_attribute(Hdf5 *h, View message, Attribute *out) {
    Cursor c = cursor_at(message, 0);
    unsigned version = (unsigned)cursor_uint(&c, 1), flags = (unsigned)cursor_uint(&c, 1);
    uint64_t name = cursor_uint(&c, 2), type = cursor_uint(&c, 2), space = cursor_uint(&c, 2);
    cursor_skip(&c, version == 3 ? 1 : 0);
    out->name = cursor_take(&c, padded(version, name));
    out->type = cursor_take(&c, padded(version, type));
    out->space = cursor_take(&c, padded(version, space));
    out->data = cursor_take(&c, cursor_left(&c));
    if (c.failed || version < 1 || version > 3)
        return hdf5_damaged(h, "an attribute is cut short");
    if (version > 1 && flags & 3)
        return hdf5_unsupported(h, "an attribute uses a named datatype");
    return true;
}

static bool is_named(const Attribute *a, const char *name) {
    size_t len = strlen(name);
    return a->name.size > len && !memcmp(a->name.at, name, len + 1);
}

typedef struct Search {
    const char *name;
    Attribute found;
    bool done;
} Search;

static bool look(Hdf5 *h, View message, void *user) {
    Search *s = user;
    Attribute a;
    if (!hdf5_charge(h, 8) || !read_attribute(h, message, &a))
        return false;
    if (is_named(&a, s->name)) {
        s->found = a;
        s->done = true;
    }
    return true;
}

/* Many attributes stand in a fractal heap: version, flags, [largest index], heap, B-tree by name.
 */
static bool look_in_heap(Hdf5 *h, View message, Search *s) {
    enum { HEAP_ID = 0 }; /* a record is the heap id, flags, order and hash */
    Cursor c = cursor_at(message, 0);
    cursor_skip(&c, 1);
    unsigned flags = (unsigned)cursor_uint(&c, 1);
    cursor_skip(&c, flags & 1 ? 2 : 0);
    uint64_t heap = cursor_uint(&c, 8), tree = cursor_uint(&c, 8);
    if (c.failed)
        return hdf5_damaged(h, "an object's attribute information is cut short");
    return heap == HDF5_UNDEFINED || hdf5_heap_walk(h, heap, tree, HEAP_ID, look, s);
}

static bool find_attribute(Hdf5 *h, const Hdf5Object *o, const char *name, Attribute *out) {
    Search s = {.name = name};
    for (size_t i = 0; i < o->messages.count && !s.done && !h->trouble; i++) {
        const Hdf5Message *m = &o->messages.at[i];
        if (m->type == MESSAGE_ATTRIBUTE)
            look(h, m->data, &s);
        else if (m->type == MESSAGE_ATTRIBUTE_INFO)
            look_in_heap(h, m->data, &s);
    }
    *out = s.found;
    return s.done && !h->trouble;
}

/* A collection: 'GCOL', version, reserved, size; objects of {index, references, reserved, size,
 * data padded to 8}; index 0 ends it. */
static bool heap_object(Hdf5 *h, uint64_t address, uint64_t index, View *out) {
    enum { HEAD = 16 };
    Cursor c = hdf5_structure(h, address, "GCOL", HEAD);
    cursor_skip(&c, 4);
    uint64_t size = cursor_uint(&c, 8);
    View collection;
    if (h->trouble || !hdf5_bytes(h, address, size, "a global heap", &collection))
        return false;
    for (c = cursor_at(collection, HEAD); cursor_left(&c) >= HEAD;) {
        uint64_t found = cursor_uint(&c, 2);
        cursor_skip(&c, 6);
        uint64_t len = cursor_uint(&c, 8);
        if (!found || !hdf5_charge(h, 1))
            break;
        *out = cursor_take(&c, len);
        if (c.failed)
            break;
        if (found == index)
            return true;
        uint64_t rest = (8 - len % 8) % 8;
        cursor_skip(&c, rest < cursor_left(&c) ? rest : cursor_left(&c));
    }
    return hdf5_damaged(h, "a text is missing from the global heap at byte %llu",
                        (unsigned long long)address);
}

/* A reference into a global heap: length, collection, index. */
static bool variable_string(Hdf5 *h, Cursor *c, View *out) {
    uint64_t len = cursor_uint(c, 4), address = cursor_uint(c, 8), index = cursor_uint(c, 4);
    *out = (View){(const unsigned char *)"", 0};
    if (!len)
        return true;
    return heap_object(h, address, index, out) &&
           (view_slice(*out, 0, len, out) ||
            hdf5_damaged(h, "a text is longer than its place in the global heap"));
}

bool hdf5_strings(Hdf5 *h, const Hdf5Object *o, const char *name, Strings *out) {
    Attribute a;
    Hdf5Type type;
    Hdf5Space space;
    *out = (Strings){0};
    if (h->trouble || !find_attribute(h, o, name, &a) || !hdf5_space(h, a.space, &space) ||
        !hdf5_type(h, a.type, &type))
        return false;
    if (!space.count) /* h5py writes an empty list as zero floats */
        return true;
    if (type.class != HDF5_STRING && type.class != HDF5_VARIABLE_STRING)
        return false;
    if (space.count > a.data.size / type.size)
        return hdf5_damaged(h, "the attribute '%s' is cut short", name);
    Cursor c = cursor_at(a.data, 0);
    for (uint64_t i = 0; i < space.count; i++) {
        View text;
        if (type.class == HDF5_STRING)
            text = cursor_take(&c, type.size);
        else if (!variable_string(h, &c, &text))
            return false;
        if (!hdf5_charge(h, text.size))
            return false;
        vec_push(h->arena, out, arena_strndup(h->arena, (const char *)text.at, text.size));
    }
    return true;
}
