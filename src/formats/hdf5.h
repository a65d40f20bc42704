/* A reader for the part of HDF5 that Keras writes, straight from a mapping.
 *
 * Why not libhdf5: weights are to stay where they are in the file, also when that file is a member
 * of a .keras zip, which libhdf5 cannot map into; and libhdf5 is known to crash on hostile files.
 * What is read here: superblocks 0-3, object headers 1 and 2, groups old (symbol tables) and new
 * (links, compact or dense), string attributes (fixed and variable length), datasets of floats and
 * integers of either byte order, contiguous, compact or chunked with deflate, shuffle and
 * fletcher32.
 *
 * Errors are sticky: after the first, every function returns NULL or false, and hdf5_error tells
 * what was wrong. Walking a file costs at most a few times its size, whatever it says. */
#ifndef HDF5_H
#define HDF5_H

#include "mapped.h"

typedef struct Hdf5 Hdf5;
typedef struct Hdf5Object Hdf5Object; /* a group or a dataset */

typedef enum Hdf5Trouble {
    HDF5_SOUND,
    HDF5_DAMAGED,     /* the file contradicts itself or ends early */
    HDF5_UNSUPPORTED, /* sound as far as we can tell, but beyond this reader */
} Hdf5Trouble;

/* Never NULL; an error in the file's head shows in hdf5_trouble already. */
Hdf5 *hdf5_open(Files *files, View bytes);
Hdf5Trouble hdf5_trouble(const Hdf5 *h);
const char *
hdf5_error(const Hdf5 *h); /* a clause: "the B-tree at byte 800 points outside of ..." */

/* The diagnostic for the trouble of a file; returns false. */
bool hdf5_report(const Hdf5 *h, const char *path, Diag *d);

const Hdf5Object *hdf5_root(Hdf5 *h);

typedef struct Hdf5Link {
    const char *name;
    uint64_t address;
    bool hard; /* soft and external links lead nowhere here */
} Hdf5Link;
typedef Vec(Hdf5Link) Hdf5Links;

/* A group's links in byte-wise order of their names ("10" before "2"); empty for datasets. NULL
 * after an error. */
const Hdf5Links *hdf5_links(Hdf5 *h, const Hdf5Object *group);
const Hdf5Object *hdf5_follow(Hdf5 *h, const Hdf5Link *link);

/* The object at a path such as "model_weights/dense/kernel:0"; NULL if absent or after an error. */
const Hdf5Object *hdf5_find(Hdf5 *h, const Hdf5Object *from, const char *path);

typedef Vec(const char *) Strings;

/* The strings of an attribute: a scalar gives one, an empty list none. False if it is absent, is
 * not made of strings, or after an error. */
bool hdf5_strings(Hdf5 *h, const Hdf5Object *o, const char *attribute, Strings *out);

enum { HDF5_MAX_RANK = 8 };

typedef struct Hdf5Dataset {
    const Hdf5Object *object;
    int rank;
    uint64_t dim[HDF5_MAX_RANK];
    uint64_t count; /* product of the dims */
} Hdf5Dataset;

/* False if it is not a dataset or after an error. */
bool hdf5_dataset(Hdf5 *h, const Hdf5Object *o, Hdf5Dataset *out);
bool hdf5_is_dataset(const Hdf5Object *o);

/* The elements, row-major, as float32: in the mapping itself where the file has them like that,
 * else converted into memory of the Files. NULL after an error. */
const float *hdf5_floats(Hdf5 *h, const Hdf5Dataset *dataset);

#endif
