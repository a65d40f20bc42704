/* What Keras saves as .keras: a zip, or a folder with the same members. */
#ifndef KERAS_FILE_H
#define KERAS_FILE_H

#include "zip.h"

typedef struct KerasFile {
    const char *path;
    Files *files;
    bool folder;
    Zip zip;
} KerasFile;

bool keras_file_open(KerasFile *k, const char *path, Files *files, Diag *d);

/* Both false after a diagnostic: a member that is missing is an error. */
bool keras_file_read(KerasFile *k, const char *member, View *out, Diag *d);
bool keras_file_weights(KerasFile *k, View *out, Diag *d); /* its model.weights.h5 */

#endif
