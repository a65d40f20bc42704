/* Random graphs of ops, the same for the same seed: convolutional networks with all that layers are
 * lowered to. For property tests of fold and plan. */
#ifndef RANDOM_OPS_H
#define RANDOM_OPS_H

#include "op.h"

typedef struct Random {
    uint64_t state;
} Random;

int64_t random_below(Random *r, int64_t n); /* 0 .. n - 1 */
float random_float(Random *r);              /* -1 .. 1 */

Ops *random_network(Arena *a, uint64_t seed);

/* The same with images of up to `size` and layers of up to `channels`. */
Ops *random_network_of(Arena *a, uint64_t seed, int64_t size, int64_t channels);

/* The largest difference between what the two graphs compute of a random input, relative to the
 * largest output. */
double random_difference(const Ops *x, const Ops *y, uint64_t seed);

#endif
