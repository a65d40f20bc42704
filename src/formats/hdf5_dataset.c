/* HDF5 datasets as float32: where they stand in the file if they can, converted if they must. */
#include "hdf5_internal.h"

#include <stdlib.h>
#include <string.h>

bool hdf5_is_dataset(const Hdf5Object *o) {
    for (size_t i = 0; i < o->messages.count; i++)
        if (o->messages.at[i].type == MESSAGE_LAYOUT)
            return true;
    return false;
}

bool hdf5_dataset(Hdf5 *h, const Hdf5Object *o, Hdf5Dataset *out) {
    const Hdf5Message *m = h->trouble ? NULL : hdf5_message(h, o, MESSAGE_DATASPACE);
    Hdf5Space space;
    if (!m || !hdf5_is_dataset(o) || !hdf5_space(h, m->data, &space))
        return false;
    *out = (Hdf5Dataset){.object = o, .rank = space.rank, .count = space.count};
    for (int i = 0; i < space.rank; i++)
        out->dim[i] = space.dim[i];
    return true;
}

typedef enum LayoutClass { COMPACT, CONTIGUOUS, CHUNKED, VIRTUAL } LayoutClass;

/* Where a dataset's bytes are. */
typedef struct Layout {
    LayoutClass class;
    View raw;     /* COMPACT, CONTIGUOUS; empty when never written */
    Cursor chunk; /* CHUNKED: what follows the class */
    int version;
} Layout;

static bool contiguous(Hdf5 *h, Cursor *c, uint64_t bytes, View *raw) {
    uint64_t address = cursor_uint(c, 8);
    return address == HDF5_UNDEFINED || hdf5_bytes(h, address, bytes, "an array", raw);
}

/* Versions 1 and 2: version, rank, class, 5 reserved, [address], dims, [compact size, data]. */
static bool read_old_layout(Hdf5 *h, Cursor *c, uint64_t bytes, Layout *out) {
    unsigned rank = (unsigned)cursor_uint(c, 1);
    out->class = (LayoutClass)cursor_uint(c, 1);
    cursor_skip(c, 5);
    if (out->class == CONTIGUOUS)
        return contiguous(h, c, bytes, &out->raw);
    if (out->class != COMPACT)
        return hdf5_unsupported(h, "it has chunked arrays in the form of before 2003");
    cursor_skip(c, 4 * rank);
    out->raw = cursor_take(c, cursor_uint(c, 4));
    return true;
}

static bool read_layout(Hdf5 *h, View data, uint64_t bytes, Layout *out) {
    Cursor c = cursor_at(data, 0);
    *out = (Layout){.version = (int)cursor_uint(&c, 1)};
    if (out->version < 1 || out->version > 4)
        return hdf5_unsupported(h, "an array in it has a layout of version %d", out->version);
    if (out->version < 3)
        return read_old_layout(h, &c, bytes, out);
    out->class = (LayoutClass)cursor_uint(&c, 1);
    if (out->class == COMPACT)
        out->raw = cursor_take(&c, cursor_uint(&c, 2));
    else if (out->class == CONTIGUOUS && !contiguous(h, &c, bytes, &out->raw))
        return false;
    if (out->class > CHUNKED)
        return hdf5_unsupported(h, "an array in it is a virtual dataset, made of other files");
    out->chunk = c;
    return !c.failed || hdf5_damaged(h, "an array's layout is cut short");
}

static bool native_float(const Hdf5Type *type) {
    static const union {
        uint16_t whole;
        unsigned char first;
    } probe = {1};
    bool host_is_little = probe.first;
    return type->class == HDF5_FLOAT && type->size == 4 && type->big_endian != host_is_little;
}

static float *new_floats(Hdf5 *h, uint64_t count) {
    float *to = count > SIZE_MAX / sizeof *to ? NULL : files_alloc(h->files, count * sizeof *to);
    if (!to)
        hdf5_unsupported(h, "there is not enough memory for an array of %llu numbers",
                         (unsigned long long)count);
    return to;
}

static const float *converted(Hdf5 *h, const Hdf5Type *type, const unsigned char *raw,
                              uint64_t count) {
    float *to = new_floats(h, count);
    if (!to)
        return NULL;
    if (native_float(type))
        memcpy(to, raw, count * sizeof *to);
    else
        hdf5_convert(type, raw, count, to);
    return to;
}

static const float *stored(Hdf5 *h, const Hdf5Type *type, View raw, uint64_t count) {
    if (raw.size / type->size < count) {
        hdf5_damaged(h, "an array is shorter than its shape");
        return NULL;
    }
    if (native_float(type) && (uintptr_t)raw.at % _Alignof(float) == 0)
        return (const float *)(const void *)raw.at;
    return converted(h, type, raw.at, count); /* a member of a zip may stand at any byte */
}

static const float *chunked(Hdf5 *h, const Hdf5Dataset *set, const Hdf5Space *space,
                            const Hdf5Type *type, const Layout *layout) {
    unsigned char *raw = hdf5_chunked(h, set->object, layout->chunk, layout->version, space, type);
    if (!raw || native_float(type))
        return (const float *)(const void *)raw;
    const float *to = converted(h, type, raw, space->count);
    files_release(h->files, raw);
    return to;
}

/* An array that was never written reads as its fill value; h5py's is zero. */
static const float *never_written(Hdf5 *h, uint64_t count) {
    if (count > (uint64_t)h->bytes.size) {
        hdf5_damaged(h, "an array of %llu numbers was never written", (unsigned long long)count);
        return NULL;
    }
    return new_floats(h, count);
}

static bool numeric(Hdf5 *h, const Hdf5Type *type) {
    bool text = type->class == HDF5_STRING || type->class == HDF5_VARIABLE_STRING;
    if (type->class == HDF5_OTHER || text)
        return hdf5_unsupported(h, "an array in it has elements of type %s instead of numbers",
                                text ? "string" : type->name);
    return true;
}

const float *hdf5_floats(Hdf5 *h, const Hdf5Dataset *set) {
    if (h->trouble)
        return NULL;
    const Hdf5Message *type_message = hdf5_message(h, set->object, MESSAGE_DATATYPE);
    const Hdf5Message *layout_message = hdf5_message(h, set->object, MESSAGE_LAYOUT);
    Hdf5Space space = {.rank = set->rank, .count = set->count};
    for (int i = 0; i < set->rank; i++)
        space.dim[i] = set->dim[i];
    Hdf5Type type;
    Layout layout;
    uint64_t bytes;
    if (!type_message || !layout_message) {
        hdf5_damaged(h, "an array has no type");
        return NULL;
    }
    if (hdf5_message(h, set->object, MESSAGE_EXTERNAL_FILES)) {
        hdf5_unsupported(h, "an array's data are in another file");
        return NULL;
    }
    if (!hdf5_type(h, type_message->data, &type) || !numeric(h, &type))
        return NULL;
    if (__builtin_mul_overflow(set->count, type.size, &bytes)) {
        hdf5_damaged(h, "an array's size overflows");
        return NULL;
    }
    if (!read_layout(h, layout_message->data, bytes, &layout))
        return NULL;
    if (layout.class == CHUNKED)
        return chunked(h, set, &space, &type, &layout);
    if (!layout.raw.at)
        return never_written(h, set->count);
    return stored(h, &type, layout.raw, set->count);
}
