/* Functions emitted by a test, compiled for a target and callable in this process. */
#ifndef NATIVE_H
#define NATIVE_H

#include "codegen/codegen.h"
#include "codegen/emit.h"

/* f(in, out, n): applies the body to n floats, a multiple of the target's vector. */
typedef void NativeMap(const float *in, float *out, int64_t n);

typedef struct Native Native;

/* Takes the module out of e, with the functions `names` in it: native_function(n, i) is the address
 * of names[i]. Ends the process if LLVM refuses. */
Native *native_compile(Emit *e, const char *const *names, int n, int opt_level);
void *native_function(const Native *n, int i);
void native_free(Native *n);

#endif
