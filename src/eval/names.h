/* Which dotted name of Keras means what. Modules have canonical names: tensorflow.keras.layers and
 * tf_keras.layers are keras.layers. */
#ifndef NAMES_H
#define NAMES_H

#include "eval.h"

typedef enum ModuleKind {
    MODULE_MISSING, /* no module of Keras */
    MODULE_KNOWN,   /* its names are what names_member() finds */
    MODULE_LIMITED, /* has more names; those are not supported */
    MODULE_SKIPPED, /* has more names; calls of those are training-time and skipped */
    MODULE_FOREIGN, /* neither Keras nor TensorFlow nor math */
} ModuleKind;

const char *module_canonical(Arena *a, const char *dotted);
ModuleKind module_kind(const char *canonical);

/* The package with a similar name that can be imported, or NULL. */
const char *module_nearest(const char *package);

/* What module.name is. False if there is none. */
bool names_member(Eval *e, const char *module, const char *name, Value *out);

/* Reports that there is no module.name, with did-you-mean. Gives unknown. */
Value names_missing(Eval *e, const char *module, const char *name, Span span);

/* What a name means in a file that imports nothing: what keras.layers, keras.models and keras
 * export. */
bool names_bare(Eval *e, const char *name, Value *out);

/* All that is there, for did-you-mean. */
typedef Vec(const char *) NameList;
void names_list(Arena *a, const char *module, NameList *out);

/* The attributes of a layer or model. */
void instance_names(Arena *a, Value object, NameList *out);

/* Calling a name of Keras that has no meaning while compiling. */
Value names_call_limited(Eval *e, const char *path, const Call *call);

/* keras_functions.c: functions of Keras that do have one, and constants. */
bool keras_function(Eval *e, const char *module, const char *name, Value *out);

/* The function of keras.activations called name, always the same one. */
Value activation_value(Eval *e, const char *name);

/* Layers of Keras 3.15 that are not in the registry, NULL-terminated. */
extern const char *const unsupported_layers[];

extern const ClassDef sequential_class, layer_class;

#endif
