/* Saved models and weights: one reader or writer per file behind this header. Readers see the
 * model, never the back end; all treat the file as hostile. */
#ifndef FORMAT_H
#define FORMAT_H

#include "model.h"

typedef enum FormatKind {
    FORMAT_UNKNOWN,
    FORMAT_KMODEL,         /* source text */
    FORMAT_H5_MODEL,       /* legacy whole model */
    FORMAT_H5_WEIGHTS,     /* legacy weights only */
    FORMAT_KERAS3_WEIGHTS, /* .weights.h5 */
    FORMAT_KERAS_ZIP,      /* .keras */
} FormatKind;

/* By content, never by name. FORMAT_UNKNOWN after a diagnostic if the file cannot be read at all.
 */
FormatKind format_sniff(const char *path, Diag *d);

/* Architecture and weights of a saved model. NULL after a diagnostic; weights stay mapped until
 * files_close. */
typedef struct Files Files; /* open mappings, owned by a compilation */
Files *files_new(Arena *a);
void files_close(Files *f);

Model *format_import(Arena *a, const char *path, Files *files, Namer *names, Diag *d);

/* Attaches the weights of a file to the model's layers; every mismatch is one error that says
 * layer, weight, expected and found shapes. False after a diagnostic. */
bool format_load_weights(Model *m, const char *path, Files *files, Diag *d);

/* Writes all weights as a Keras-3 .weights.h5 (atomically). */
bool format_save_weights(const Model *m, const char *path, Diag *d);

/* Writes readable .kmodel source: defaults left out, repeated values named. weights_path is quoted
 * in load_weights (NULL: none). */
void source_write(const Model *m, const char *weights_path, FILE *out);

/* initialize.c: reproducible Keras-default initial values for every weight without data. */
void weights_initialize(Model *m, uint64_t seed);

#endif
