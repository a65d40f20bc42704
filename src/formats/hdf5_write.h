/* Writes HDF5 as h5py does by default: superblock 0, old-style groups, contiguous float32. */
#ifndef HDF5_WRITE_H
#define HDF5_WRITE_H

#include "arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct Hdf5Node Hdf5Node; /* a group, or a dataset */

Hdf5Node *hdf5_new_group(Arena *a);

/* The group of that name in `parent`, made if there is none. */
Hdf5Node *hdf5_add_group(Arena *a, Hdf5Node *parent, const char *name);
void hdf5_add_floats(Arena *a, Hdf5Node *parent, const char *name, const float *data, int rank,
                     const int64_t *dims);
/* A scalar UTF-8 string. */
void hdf5_set_attribute(Hdf5Node *group, const char *name, const char *text);

/* False if the file could not be written: errno says why; ENAMETOOLONG for an attribute that HDF5's
 * old headers cannot hold (64 KiB). */
bool hdf5_write(Hdf5Node *root, FILE *out);

#endif
