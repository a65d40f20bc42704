/* An inner function's parameters and a call's arguments from one list: variables that hold the
 * caller's values until the function is entered, and the parameters inside. */
#ifndef SIGNATURE_H
#define SIGNATURE_H

#include "emit.h"

enum { SIGNATURE_MAX = 8 + EPILOGUE_OPERANDS_MAX };

typedef struct Signature {
    LLVMTypeRef types[SIGNATURE_MAX];
    LLVMValueRef *variables[SIGNATURE_MAX];
    LLVMValueRef args[SIGNATURE_MAX];
    int count;
} Signature;

/* A variable that is NULL is none: the function does without. */
void signature_add(Signature *s, LLVMTypeRef type, LLVMValueRef *variable);
void signature_add_operands(Emit *e, Signature *s, const Epilogue *epilogue,
                            LLVMValueRef *operands);

/* As emit_function_begin(); if true, the variables are the parameters from here on. */
bool signature_begin(Emit *e, const Signature *s, Function *f, const char *name);
void signature_call(Emit *e, Signature *s, const Function *f);

#endif
