/* The optimizer that a saved model was compiled with. */
#ifndef OPTIMIZER_H
#define OPTIMIZER_H

#include "config.h"

/* Sets the model's optimizer_params and optimizer_bytes from an optimizer's description: a name or
 * an object. `trainable`: how many parameters it is built for. Optimizers that are not known, and
 * NULL, leave them 0. */
void optimizer_count(Model *m, const cJSON *optimizer, int64_t trainable);

#endif
