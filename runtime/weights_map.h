/* The side file of `kmodel build --weights-file`. SPDX-License-Identifier: 0BSD */
#ifndef WEIGHTS_MAP_H
#define WEIGHTS_MAP_H

#include "km.h"
#include "problem.h"

/* Maps it for as long as the process lives; NULL after a problem. */
const char *weights_map(const km_model *model, const km_binary *binary, Problem *p);

#endif
