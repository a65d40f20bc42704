/* Parameters and arguments from one list. */
#include "signature.h"

void signature_add(Signature *s, LLVMTypeRef type, LLVMValueRef *variable) {
    if (!*variable)
        return;
    if (s->count == SIGNATURE_MAX)
        BUG("more than %d parameters", SIGNATURE_MAX);
    s->types[s->count] = type;
    s->variables[s->count] = variable;
    s->args[s->count++] = *variable;
}

void signature_add_operands(Emit *e, Signature *s, const Epilogue *epilogue,
                            LLVMValueRef *operands) {
    for (int i = 0; i < epilogue->noperands; i++)
        signature_add(s, e->ptr, &operands[i]);
}

bool signature_begin(Emit *e, const Signature *s, Function *f, const char *name) {
    LLVMTypeRef types[SIGNATURE_MAX];
    for (int i = 0; i < s->count; i++)
        types[i] = s->types[i];
    if (!emit_function_begin(e, f, name, types, s->count))
        return false;
    for (int i = 0; i < s->count; i++)
        *s->variables[i] = emit_param(e, i);
    return true;
}

void signature_call(Emit *e, Signature *s, const Function *f) {
    emit_call(e, f, s->args, s->count);
}
