/* HDF5: the file's head, object headers and paths. */
#include "hdf5_internal.h"

#include <string.h>

static const char signature[] = "\x89HDF\r\n\x1a\n";

enum { SIGNATURE = 8, OBJECT_HEADER_1 = 16, WALKS = 8, SMALL_FILE = 1 << 20 };

static bool trouble(Hdf5 *h, Hdf5Trouble kind, const char *format, va_list args) {
    if (h->trouble == HDF5_SOUND) {
        h->trouble = kind;
        h->error = arena_vprintf(h->arena, format, args);
    }
    return false;
}

bool hdf5_damaged(Hdf5 *h, const char *format, ...) {
    va_list args;
    va_start(args, format);
    trouble(h, HDF5_DAMAGED, format, args);
    va_end(args);
    return false;
}

bool hdf5_unsupported(Hdf5 *h, const char *format, ...) {
    va_list args;
    va_start(args, format);
    trouble(h, HDF5_UNSUPPORTED, format, args);
    va_end(args);
    return false;
}

Hdf5Trouble hdf5_trouble(const Hdf5 *h) {
    return h->trouble;
}

const char *hdf5_error(const Hdf5 *h) {
    return h->error;
}

bool hdf5_report(const Hdf5 *h, const char *path, Diag *d) {
    if (h->trouble == HDF5_DAMAGED) {
        diag_file_error(d, DIAG_damaged_file, path, "this HDF5 file is damaged: %s", h->error);
        diag_help(d, "fetch or save it again");
    } else {
        diag_file_error(d, DIAG_unsupported_container, path, "this HDF5 file is not supported: %s",
                        h->error);
        diag_help(d, "load and save it again with Keras, or re-pack it: h5repack -f NONE -l CONTI "
                     "OLD NEW");
    }
    return false;
}

bool hdf5_charge(Hdf5 *h, uint64_t size) {
    if (h->trouble)
        return false;
    if (size > h->budget)
        return hdf5_damaged(h, "its structures refer to each other in circles");
    h->budget -= size;
    return true;
}

bool hdf5_bytes(Hdf5 *h, uint64_t address, uint64_t size, const char *what, View *out) {
    if (h->trouble)
        return false;
    if (view_slice(h->bytes, address, size, out))
        return true;
    return hdf5_damaged(h, "%s at byte %llu, %llu bytes long, lies outside of the file's %zu bytes",
                        what, (unsigned long long)address, (unsigned long long)size, h->bytes.size);
}

Cursor hdf5_structure(Hdf5 *h, uint64_t address, const char *name, uint64_t size) {
    Cursor c = cursor_at(h->bytes, address);
    if (!hdf5_charge(h, size))
        c.failed = true;
    else if (!cursor_expect(&c, name, strlen(name)))
        hdf5_damaged(h, "there is no '%s' structure at byte %llu", name,
                     (unsigned long long)address);
    return c;
}

/* The superblock stands at 0, or after a user block of 512, 1024, 2048, ... bytes. */
static uint64_t find_superblock(View bytes) {
    for (uint64_t at = 0; at < bytes.size; at = at ? at * 2 : 512) {
        View v;
        if (view_slice(bytes, at, SIGNATURE, &v) && view_starts_with(v, signature, SIGNATURE))
            return at;
    }
    return HDF5_UNDEFINED;
}

static bool read_sizes(Hdf5 *h, Cursor *c) {
    uint64_t offsets = cursor_uint(c, 1), lengths = cursor_uint(c, 1);
    if (offsets == 8 && lengths == 8)
        return true;
    return hdf5_unsupported(h, "its addresses are %u bytes long, not 8", (unsigned)offsets);
}

/* Leaves the cursor at the base address. */
static bool skip_to_base(Hdf5 *h, Cursor *c, unsigned version) {
    if (version <= 1) {
        cursor_skip(c, 4); /* versions of free space, root group; reserved; shared headers */
        if (!read_sizes(h, c))
            return false;
        cursor_skip(c, version == 1 ? 13 : 9); /* reserved, group K values, flags, indexed K */
    } else if (version <= 3) {
        if (!read_sizes(h, c))
            return false;
        cursor_skip(c, 1); /* flags */
    } else {
        return hdf5_unsupported(h, "it has a superblock of version %u; 0 to 3 are read", version);
    }
    return true;
}

static bool read_superblock(Hdf5 *h, View file) {
    uint64_t at = find_superblock(file);
    if (at == HDF5_UNDEFINED)
        return hdf5_damaged(h, "there is no HDF5 signature in it");
    Cursor c = cursor_at(file, at + SIGNATURE);
    unsigned version = (unsigned)cursor_uint(&c, 1);
    if (!skip_to_base(h, &c, version))
        return false;
    uint64_t base = cursor_uint(&c, 8);
    cursor_skip(&c, 8); /* free space, or the superblock's extension */
    uint64_t end = cursor_uint(&c, 8);
    if (version <= 1)
        cursor_skip(&c, 16); /* driver information; the root entry's name */
    h->root = cursor_uint(&c, 8);
    if (c.failed || !view_slice(file, base, file.size - (base < file.size ? base : 0), &h->bytes))
        return hdf5_damaged(h, "it ends within its first bytes");
    if (end > file.size)
        return hdf5_damaged(h, "it was cut off: %llu bytes long when written, now %zu",
                            (unsigned long long)end, file.size);
    return true;
}

Hdf5 *hdf5_open(Files *files, View file) {
    Hdf5 *h = arena_alloc(files_arena(files), sizeof *h);
    *h = (Hdf5){.files = files, .arena = files_arena(files), .bytes = file};
    h->budget = (uint64_t)file.size * WALKS + SMALL_FILE;
    read_superblock(h, file);
    return h;
}

typedef struct Block {
    uint64_t address, size;
} Block;
typedef Vec(Block) Blocks;

static bool add_message(Hdf5 *h, Hdf5Object *o, Blocks *blocks, unsigned type, unsigned flags,
                        View data) {
    if (type == MESSAGE_CONTINUATION) {
        Cursor c = cursor_at(data, 0);
        uint64_t address = cursor_uint(&c, 8), size = cursor_uint(&c, 8);
        vec_push(h->arena, blocks, (Block){address, size});
        return !c.failed || hdf5_damaged(h, "an object header's continuation is cut short");
    }
    vec_push(h->arena, &o->messages, (Hdf5Message){type, flags & 2, data});
    return true;
}

/* The messages of one block of an object header. */
static bool read_messages(Hdf5 *h, Hdf5Object *o, Blocks *blocks, View block, int version,
                          bool ordered) {
    size_t head = version == 1 ? 8 : ordered ? 6 : 4;
    Cursor c = cursor_at(block, 0);
    while (cursor_left(&c) >= head) {
        unsigned type = (unsigned)cursor_uint(&c, version == 1 ? 2 : 1);
        uint64_t size = cursor_uint(&c, 2);
        unsigned flags = (unsigned)cursor_uint(&c, 1);
        cursor_skip(&c, version == 1 ? 3 : ordered ? 2 : 0);
        View data = cursor_take(&c, size);
        if (c.failed)
            return hdf5_damaged(h, "a message of the object at byte %llu is longer than its header",
                                (unsigned long long)o->address);
        if (!add_message(h, o, blocks, type, flags, data))
            return false;
    }
    return true;
}

static bool read_header_1(Hdf5 *h, Hdf5Object *o, Cursor c) {
    cursor_skip(&c, 7); /* reserved, number of messages, references */
    uint64_t size = cursor_uint(&c, 4);
    Blocks blocks = {0};
    vec_push(h->arena, &blocks, (Block){o->address + OBJECT_HEADER_1, size});
    for (size_t i = 0; i < blocks.count; i++) {
        View block;
        if (!hdf5_bytes(h, blocks.at[i].address, blocks.at[i].size, "an object header", &block) ||
            !hdf5_charge(h, block.size + 8) || !read_messages(h, o, &blocks, block, 1, false))
            return false;
    }
    return true;
}

/* A continuation block of version 2: 'OCHK', messages, checksum. */
static bool read_continuation(Hdf5 *h, Hdf5Object *o, Blocks *blocks, Block at, bool ordered) {
    View block;
    if (!hdf5_bytes(h, at.address, at.size, "an object header", &block) ||
        !hdf5_charge(h, block.size + 8))
        return false;
    if (block.size < 8 || !view_starts_with(block, "OCHK", 4))
        return hdf5_damaged(h, "there is no 'OCHK' structure at byte %llu",
                            (unsigned long long)at.address);
    view_slice(block, 4, block.size - 8, &block);
    return read_messages(h, o, blocks, block, 2, ordered);
}

static bool read_header_2(Hdf5 *h, Hdf5Object *o) {
    Cursor c = hdf5_structure(h, o->address, "OHDR", 16);
    if (cursor_uint(&c, 1) != 2)
        return hdf5_damaged(h, "the object at byte %llu has an unknown header",
                            (unsigned long long)o->address);
    unsigned flags = (unsigned)cursor_uint(&c, 1);
    bool ordered = flags & 4;
    cursor_skip(&c, (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0)); /* times; phase change */
    View block = cursor_take(&c, cursor_uint(&c, 1 << (flags & 3)));
    if (c.failed)
        return hdf5_damaged(h, "the header of the object at byte %llu is cut short",
                            (unsigned long long)o->address);
    Blocks blocks = {0};
    if (!hdf5_charge(h, block.size) || !read_messages(h, o, &blocks, block, 2, ordered))
        return false;
    for (size_t i = 0; i < blocks.count; i++)
        if (!read_continuation(h, o, &blocks, blocks.at[i], ordered))
            return false;
    return true;
}

const Hdf5Object *hdf5_object(Hdf5 *h, uint64_t address) {
    Hdf5Object **bucket = &h->objects[address / 8 % HDF5_BUCKETS];
    for (Hdf5Object *o = *bucket; o; o = o->next)
        if (o->address == address)
            return h->trouble ? NULL : o;
    View head;
    if (!hdf5_bytes(h, address, OBJECT_HEADER_1, "an object header", &head) ||
        !hdf5_charge(h, OBJECT_HEADER_1))
        return NULL;
    Hdf5Object *o = arena_alloc(h->arena, sizeof *o);
    o->address = address;
    Cursor c = cursor_at(head, 0);
    bool old = cursor_uint(&c, 1) == 1;
    if (!(old ? read_header_1(h, o, c) : read_header_2(h, o)))
        return NULL;
    o->next = *bucket;
    return *bucket = o;
}

const Hdf5Message *hdf5_message(Hdf5 *h, const Hdf5Object *o, Hdf5MessageType type) {
    for (size_t i = 0; i < o->messages.count; i++) {
        const Hdf5Message *m = &o->messages.at[i];
        if (m->type != type)
            continue;
        if (m->shared) {
            hdf5_unsupported(h, "it shares a message between objects (a named datatype)");
            return NULL;
        }
        return m;
    }
    return NULL;
}

const Hdf5Object *hdf5_root(Hdf5 *h) {
    return h->trouble ? NULL : hdf5_object(h, h->root);
}

const Hdf5Object *hdf5_follow(Hdf5 *h, const Hdf5Link *link) {
    if (link->hard)
        return hdf5_object(h, link->address);
    hdf5_unsupported(h, "'%s' in it is a soft or external link", link->name);
    return NULL;
}

/* The link whose name is path[0..len). */
static const Hdf5Link *find_link(const Hdf5Links *links, const char *path, size_t len) {
    size_t low = 0, high = links->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *name = links->at[middle].name;
        int order = strncmp(name, path, len);
        if (!order && !name[len])
            return &links->at[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const Hdf5Object *hdf5_find(Hdf5 *h, const Hdf5Object *from, const char *path) {
    const Hdf5Object *o = from;
    for (path += strspn(path, "/"); o && *path; path += strspn(path, "/")) {
        size_t len = strcspn(path, "/");
        const Hdf5Links *links = hdf5_links(h, o);
        const Hdf5Link *link = links ? find_link(links, path, len) : NULL;
        o = link ? hdf5_follow(h, link) : NULL;
        path += len;
    }
    return o;
}
