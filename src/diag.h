/* Diagnostics: what is wrong with the user's input, where, and what cures it.
 *
 *     error[KM0203]: window (3, 3) does not fit into input (None, 2, 2, 32)
 *       --> mnist.kmodel:12:5
 *        |
 *     12 |     Conv2D(64, (3, 3), activation='relu'),
 *        |     ^^^^^^^^^^^^^^^^^^ output would be (None, 0, 0, 64)        <- diag_label
 *        |
 *      8 |     MaxPooling2D((2, 2)),
 *        |     -------------------- this layer's output is (None, 2, 2, 32)   <- diag_note
 *        = help: use padding='same', or drop one pooling layer        <- diag_help
 *
 * diag_error(), diag_warning() open a diagnostic; diag_label/note/help add to the one opened last.
 */
#ifndef DIAG_H
#define DIAG_H

#include "source.h"

#include <stdio.h>

/* The codes. A row of diagnostics.def is: number, identifier, one-line title; its page for
 * `kmodel explain` is docs/diagnostics/KMnnnn.md. */
typedef enum DiagCode {
#define DIAG(number, id, title) DIAG_##id = number,
#include "diagnostics.def"
#undef DIAG
} DiagCode;

typedef enum DiagFormat { DIAG_TEXT, DIAG_JSON } DiagFormat; /* --message-format */

typedef struct Diag Diag;

/* Everything is printed to `out` by diag_flush(), sorted by nothing: in the order it was found. */
Diag *diag_new(Arena *a);
void diag_set_format(Diag *d, DiagFormat format, bool color);

/* The text that spans point into, from now on. Diagnostics already opened keep theirs. */
void diag_set_source(Diag *d, const Source *source);

/* Opens an error or a warning at span; SPAN_NONE when no text is behind it. diag_error returns
 * false, so that a check can `return diag_error(...)`. An exact repetition (same code and span) is
 * dropped together with its notes: one mistake gives one error. */
bool diag_error(Diag *d, DiagCode code, Span span, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void diag_warning(Diag *d, DiagCode code, Span span, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* An error about a file that is not the source (weights, a tool's output): shown as `--> path`. */
bool diag_file_error(Diag *d, DiagCode code, const char *path, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void diag_file_warning(Diag *d, DiagCode code, const char *path, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Where errors and warnings are that have no span, until the next call: shown as `--> path: what`.
 * For text that is not the user's own, as the description of a layer in a saved model. NULL, NULL:
 * nowhere, again. */
void diag_set_place(Diag *d, const char *path, const char *what);

/* Added to the diagnostic opened last. */
void diag_label(Diag *d, const char *format, ...) __attribute__((format(printf, 2, 3)));
void diag_note(Diag *d, Span span, const char *format, ...) __attribute__((format(printf, 3, 4)));
void diag_help(Diag *d, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The verdict of a compilation is diag_errors(d) > 0, never a parser's return value. */
int diag_errors(const Diag *d);

/* Prints what has been opened since the last flush. */
void diag_flush(Diag *d, FILE *out);

/* The name in `names` closest to `word`, if close enough to be what was meant; else NULL. */
const char *diag_did_you_mean(const char *word, const char *const *names, size_t count);

/* Our own mistake, never the user's: prints place and text with how to report it, and aborts. */
#define BUG(...) bug_at(__FILE__, __LINE__, __VA_ARGS__)
_Noreturn void bug_at(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
