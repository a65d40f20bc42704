/* HDF5 datatypes and dataspaces: what an element is and how many there are. */
#include "hdf5_internal.h"

#include <string.h>

/* class | version << 4, three bytes of bits, size, properties. */
bool hdf5_type(Hdf5 *h, View data, Hdf5Type *out) {
    static const char *const classes[16] = {"integer",     "float",    "time",     "string",
                                            "bit field",   "opaque",   "compound", "reference",
                                            "enumeration", "vlen",     "array",    "complex",
                                            "class 12",    "class 13", "class 14", "class 15"};
    enum { INTEGER, FLOAT, STRING = 3, OPAQUE = 5, ENUMERATION = 8, VARIABLE = 9 };
    Cursor c = cursor_at(data, 0);
    unsigned class = (unsigned)cursor_uint(&c, 1) & 15;
    uint32_t bits = (uint32_t)cursor_uint(&c, 3), size = (uint32_t)cursor_uint(&c, 4);
    *out = (Hdf5Type){.name = classes[class], .size = size, .big_endian = bits & 1};
    if (class == ENUMERATION) { /* its values are integers: the base type follows */
        class = (unsigned)cursor_uint(&c, 1) & 15;
        bits = (uint32_t)cursor_uint(&c, 3);
        out->big_endian = bits & 1;
    }
    if (c.failed || !size)
        return hdf5_damaged(h, "a datatype is cut short");
    bool power = size == 1 || size == 2 || size == 4 || size == 8;
    if (class == INTEGER && power) {
        out->class = HDF5_INTEGER;
        out->is_signed = bits & 8;
    } else if (class == FLOAT && power && size > 1 && !(bits & 0x40)) {
        cursor_skip(&c, 5); /* bit offset, precision, exponent's place */
        unsigned exponent = (unsigned)cursor_uint(&c, 1);
        out->class = size == 2 && exponent == 8 ? HDF5_BFLOAT16 : HDF5_FLOAT;
    } else if (class == OPAQUE && size == 2) { /* how h5py stores ml_dtypes.bfloat16 */
        out->class = HDF5_BFLOAT16;
        out->big_endian = false;
    } else if (class == STRING) {
        out->class = HDF5_STRING;
    } else if (class == VARIABLE && (bits & 15) == 1 && size == 16) {
        out->class = HDF5_VARIABLE_STRING;
    }
    return true;
}

bool hdf5_space(Hdf5 *h, View data, Hdf5Space *out) {
    enum { NULL_SPACE = 2 };
    Cursor c = cursor_at(data, 0);
    unsigned version = (unsigned)cursor_uint(&c, 1), rank = (unsigned)cursor_uint(&c, 1);
    cursor_skip(&c, 1); /* flags */
    unsigned type = version == 2 ? (unsigned)cursor_uint(&c, 1) : 1;
    cursor_skip(&c, version == 2 ? 0 : 5);
    if (version != 1 && version != 2)
        return hdf5_damaged(h, "a dataspace has version %u", version);
    if (rank > HDF5_MAX_RANK)
        return hdf5_unsupported(h, "an array in it has %u dimensions", rank);
    *out = (Hdf5Space){.rank = (int)rank, .count = version == 2 && type == NULL_SPACE ? 0 : 1};
    for (unsigned i = 0; i < rank; i++) {
        out->dim[i] = cursor_uint(&c, 8);
        if (__builtin_mul_overflow(out->count, out->dim[i], &out->count))
            return hdf5_damaged(h, "an array's size overflows");
    }
    return !c.failed || hdf5_damaged(h, "a dataspace is cut short");
}

static uint64_t element(const Hdf5Type *type, const unsigned char *from) {
    uint64_t bits = 0;
    for (uint32_t i = 0; i < type->size; i++)
        bits = bits << 8 | from[type->big_endian ? i : type->size - 1 - i];
    return bits;
}

static float float_of_bits(uint32_t bits) {
    float f;
    memcpy(&f, &bits, sizeof f);
    return f;
}

/* IEEE half precision. Subnormals are a fraction of 2^-24. */
static float float_of_half(uint32_t bits) {
    uint32_t sign = (bits & 0x8000) << 16, exponent = bits >> 10 & 31, fraction = bits & 1023;
    if (exponent == 0) {
        float f = (float)fraction * 0x1p-24f;
        return sign ? -f : f;
    }
    exponent = exponent == 31 ? 255 : exponent + 127 - 15;
    return float_of_bits(sign | exponent << 23 | fraction << 13);
}

static float float_of_double(uint64_t bits) {
    double d;
    memcpy(&d, &bits, sizeof d);
    return (float)d;
}

static float float_of_integer(const Hdf5Type *type, uint64_t bits) {
    unsigned unused = 64 - 8 * type->size;
    return type->is_signed ? (float)((int64_t)(bits << unused) >> unused) : (float)bits;
}

static float to_float(const Hdf5Type *type, uint64_t bits) {
    if (type->class == HDF5_BFLOAT16)
        return float_of_bits((uint32_t)bits << 16);
    if (type->class == HDF5_INTEGER)
        return float_of_integer(type, bits);
    return type->size == 2   ? float_of_half((uint32_t)bits)
           : type->size == 4 ? float_of_bits((uint32_t)bits)
                             : float_of_double(bits);
}

void hdf5_convert(const Hdf5Type *type, const unsigned char *from, uint64_t count, float *to) {
    for (uint64_t i = 0; i < count; i++, from += type->size)
        to[i] = to_float(type, element(type, from));
}
