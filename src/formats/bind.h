/* Matching what a weight file holds to the layers of a model. The readers say which layer of the
 * file belongs to which of the model; here each pair is compared and joined. */
#ifndef BIND_H
#define BIND_H

#include "hdf5.h"

/* The weights of one layer as a file has them. */
typedef struct FoundLayer {
    const char *name;         /* what errors call it: "layers/conv2d_1", "conv2d_1" */
    Vec(Hdf5Dataset) weights; /* in Keras's order */
} FoundLayer;
typedef Vec(FoundLayer) FoundLayers;

/* A weight file being read into a model. */
typedef struct Bind {
    Model *model;
    Hdf5 *h;
    const char *path;
    Diag *diag;
} Bind;

/* Points the layer's weights to the file's. Every mismatch is an error of its own; false then.
 * found NULL: the file has nothing for this layer. */
bool bind_layer(const Bind *b, Layer *l, const FoundLayer *found);

/* The error for weights that no layer of the model takes. */
bool bind_extra(const Bind *b, const FoundLayer *found);

/* The readers: weights_keras3.c, weights_legacy.c. `bytes` is the HDF5 file. False after a
 * diagnostic. */
bool weights_keras3(Model *m, View bytes, const char *path, Files *files, Diag *d);
bool weights_legacy(Model *m, View bytes, const char *path, Files *files, Diag *d);

#endif
