/* Object code + weights + runtime -> executable, static or shared library. */
#ifndef LINK_H
#define LINK_H

#include "codegen/codegen.h"

typedef enum LinkKind { LINK_EXE, LINK_STATIC, LINK_SHARED } LinkKind;

/* Writes path (and, for libraries, the C header beside it) atomically. The weights are streamed
 * into an object of their own, section .rodata.km_weights, page-aligned; with weights_file they go
 * there instead. */
bool link_output(Arena *a, const Plan *p, const CodegenResult *object, const char *symbol,
                 LinkKind kind, const char *path, const char *weights_file, Diag *d);

#endif
