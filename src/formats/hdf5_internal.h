/* What the files of the HDF5 reader share. */
#ifndef HDF5_INTERNAL_H
#define HDF5_INTERNAL_H

#include "hdf5.h"

enum { HDF5_BUCKETS = 1024 };

#define HDF5_UNDEFINED UINT64_MAX /* the address of what does not exist */

typedef enum Hdf5MessageType {
    MESSAGE_DATASPACE = 0x01,
    MESSAGE_LINK_INFO = 0x02,
    MESSAGE_DATATYPE = 0x03,
    MESSAGE_FILL_VALUE = 0x05,
    MESSAGE_LINK = 0x06,
    MESSAGE_EXTERNAL_FILES = 0x07,
    MESSAGE_LAYOUT = 0x08,
    MESSAGE_FILTERS = 0x0B,
    MESSAGE_ATTRIBUTE = 0x0C,
    MESSAGE_CONTINUATION = 0x10,
    MESSAGE_SYMBOL_TABLE = 0x11,
    MESSAGE_ATTRIBUTE_INFO = 0x15,
} Hdf5MessageType;

typedef struct Hdf5Message {
    Hdf5MessageType type;
    bool shared; /* the data is a reference to a message elsewhere */
    View data;
} Hdf5Message;

struct Hdf5Object {
    uint64_t address;
    Vec(Hdf5Message) messages;
    Hdf5Links links;
    bool links_known;
    Hdf5Object *next; /* in its bucket */
};

struct Hdf5 {
    Files *files;
    Arena *arena;
    View bytes;      /* from the base address on: all addresses count from its start */
    uint64_t budget; /* bytes of structures that may still be walked; see hdf5_charge */
    uint64_t root;
    Hdf5Trouble trouble;
    const char *error;
    Hdf5Object *objects[HDF5_BUCKETS]; /* those read so far, by address */
};

/* Record the first trouble; both return false. */
bool hdf5_damaged(Hdf5 *h, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool hdf5_unsupported(Hdf5 *h, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Counts `size` bytes of structure against the file's own size: structures of an honest file do not
 * overlap and each is walked a few times at most, so only a hostile file (loops, or one node that
 * many parents share) runs out. False then. */
bool hdf5_charge(Hdf5 *h, uint64_t size);

/* The bytes at an address; what names them in the error. */
bool hdf5_bytes(Hdf5 *h, uint64_t address, uint64_t size, const char *what, View *out);

/* A cursor after a structure's signature, charged for `size` bytes; failed after an error. */
Cursor hdf5_structure(Hdf5 *h, uint64_t address, const char *signature, uint64_t size);

const Hdf5Object *hdf5_object(Hdf5 *h, uint64_t address);

/* The first message of a type; NULL if there is none, or after an error when it is shared. */
const Hdf5Message *hdf5_message(Hdf5 *h, const Hdf5Object *o, Hdf5MessageType type);

/* One link message. */
bool hdf5_link_message(Hdf5 *h, View data, Hdf5Link *link);

/* Calls `each` with every object of a fractal heap that a version-2 B-tree lists; id_offset is
 * where in a record the heap id stands. hdf5_heap.c */
typedef bool Hdf5Each(Hdf5 *h, View object, void *user);
bool hdf5_heap_walk(Hdf5 *h, uint64_t heap, uint64_t btree, int id_offset, Hdf5Each *each,
                    void *user);

typedef enum Hdf5Class {
    HDF5_OTHER,
    HDF5_INTEGER,
    HDF5_FLOAT,
    HDF5_BFLOAT16,
    HDF5_STRING,          /* fixed length */
    HDF5_VARIABLE_STRING, /* a reference into a global heap */
} Hdf5Class;

typedef struct Hdf5Type {
    Hdf5Class class;
    const char *name; /* of HDF5_OTHER, for errors: "compound" */
    uint32_t size;    /* of an element in the file */
    bool big_endian, is_signed;
} Hdf5Type;

typedef struct Hdf5Space {
    int rank;
    uint64_t dim[HDF5_MAX_RANK];
    uint64_t count; /* 0 for a null dataspace too */
} Hdf5Space;

/* hdf5_type.c; both read a whole message. */
bool hdf5_type(Hdf5 *h, View data, Hdf5Type *out);
bool hdf5_space(Hdf5 *h, View data, Hdf5Space *out);

/* `count` elements of a numeric type as float32. */
void hdf5_convert(const Hdf5Type *type, const unsigned char *from, uint64_t count, float *to);

/* hdf5_chunks.c: all elements of a chunked dataset, unfiltered, in memory of the Files; layout
 * stands after the class byte. NULL after an error. */
unsigned char *hdf5_chunked(Hdf5 *h, const Hdf5Object *o, Cursor layout, int version,
                            const Hdf5Space *space, const Hdf5Type *type);

#endif
