/* The one initializer that is more than a formula. */
#ifndef INITIALIZE_H
#define INITIALIZE_H

#include <stdint.h>

/* Makes the columns (or the rows, if there are fewer) of a row-major matrix orthonormal. */
void orthonormalize(float *matrix, int64_t rows, int64_t columns);

#endif
