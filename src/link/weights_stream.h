/* The packed weights on their way into a file. */
#ifndef WEIGHTS_STREAM_H
#define WEIGHTS_STREAM_H

#include "plan.h"

/* Writes weights_bytes bytes. `id`, unless NULL, receives a number that tells these weights from
 * others. False after an error of the stream (errno). */
bool weights_stream(const Plan *p, FILE *out, uint64_t *id);

#endif
