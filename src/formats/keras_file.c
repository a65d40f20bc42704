/* The members of a .keras file, zipped or not. */
#include "keras_file.h"

#include <sys/stat.h>

static bool damaged(const KerasFile *k, const char *error, Diag *d) {
    diag_file_error(d, DIAG_damaged_file, k->path, "this zip file is damaged: %s", error);
    diag_help(d, "fetch or save it again");
    return false;
}

bool keras_file_open(KerasFile *k, const char *path, Files *files, Diag *d) {
    struct stat st;
    View v;
    *k = (KerasFile){.path = path, .files = files};
    k->folder = !stat(path, &st) && S_ISDIR(st.st_mode);
    if (k->folder)
        return true;
    if (!files_map(files, path, &v, d))
        return false;
    return zip_open(&k->zip, files, v) || damaged(k, k->zip.error, d);
}

bool keras_file_read(KerasFile *k, const char *member, View *out, Diag *d) {
    if (k->folder)
        return files_map(k->files, arena_printf(files_arena(k->files), "%s/%s", k->path, member),
                         out, d);
    const ZipMember *m = zip_find(&k->zip, member);
    if (!m)
        return diag_file_error(d, DIAG_damaged_file, k->path, "this file has no '%s' in it",
                               member);
    return zip_read(&k->zip, m, out) || damaged(k, k->zip.error, d);
}

bool keras_file_weights(KerasFile *k, View *out, Diag *d) {
    if (!k->folder && !zip_find(&k->zip, "model.weights.h5") &&
        zip_find(&k->zip, "model.weights.npz")) {
        diag_file_error(d, DIAG_unsupported_container, k->path,
                        "its weights are Python pickles (model.weights.npz), which are never "
                        "executed");
        diag_help(d, "load it with Keras and save it again");
        return false;
    }
    return keras_file_read(k, "model.weights.h5", out, d);
}
