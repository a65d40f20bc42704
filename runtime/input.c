/* From names on the command line to files of a known kind. SPDX-License-Identifier: 0BSD */
#include "input.h"
#include "npy.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

typedef struct Extension {
    const char *name;
    InputKind kind;
} Extension;

static const Extension extensions[] = {
    {".npy", INPUT_NPY},     {".csv", INPUT_CSV},      {".tsv", INPUT_CSV}, {".txt", INPUT_CSV},
    {".f32", INPUT_RAW},     {".bin", INPUT_RAW},      {".raw", INPUT_RAW}, {".png", INPUT_PICTURE},
    {".jpg", INPUT_PICTURE}, {".jpeg", INPUT_PICTURE},
};

static InputKind kind_by_name(const char *path) {
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof extensions / sizeof *extensions; i++)
        if (!strcasecmp(dot, extensions[i].name))
            return extensions[i].kind;
    return INPUT_UNKNOWN;
}

static InputKind kind_by_option(const char *format) {
    return !strcmp(format, "npy")   ? INPUT_NPY
           : !strcmp(format, "csv") ? INPUT_CSV
           : !strcmp(format, "raw") ? INPUT_RAW
                                    : INPUT_PICTURE;
}

static bool begins(const Bytes *file, const char *magic, size_t size) {
    return file->size >= size && !memcmp(file->at, magic, size);
}

InputKind input_kind(const Bytes *file, const RunOptions *o, Problem *p) {
    if (o->input_format)
        return kind_by_option(o->input_format);
    if (npy_is(file))
        return INPUT_NPY;
    if (begins(file, "\x89PNG", 4) || begins(file, "\xff\xd8\xff", 3))
        return INPUT_PICTURE;
    InputKind kind = kind_by_name(file->name);
    if (kind == INPUT_UNKNOWN)
        problem(p,
                "%s: cannot tell what this is; expected .npy, .png, .jpg, .csv or .f32, or "
                "--input-format",
                file->name);
    return kind;
}

bool input_samples(InputKind kind, const Bytes *file, const km_shape *shape, Samples *s,
                   Problem *p) {
    return kind == INPUT_CSV   ? csv_samples(file, shape, s, p)
           : kind == INPUT_RAW ? raw_samples(file, shape, s, p)
                               : npy_samples(file, shape, s, p);
}

static bool inputs_add(Inputs *in, const char *folder, const char *name) {
    char **grown = realloc(in->paths, (in->count + 1) * sizeof *grown);
    if (!grown)
        return false;
    in->paths = grown;
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);
    if (!path)
        return false;
    bool slash = *folder && folder[strlen(folder) - 1] != '/';
    snprintf(path, size, "%s%s%s", folder, slash ? "/" : "", name);
    in->paths[in->count++] = path;
    return true;
}

static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool add_folder(Inputs *in, const char *folder, Problem *p) {
    size_t first = in->count;
    bool ok = true;
    DIR *dir = opendir(folder);
    if (!dir)
        return problem(p, "%s: cannot open: %s", folder, strerror(errno));
    for (struct dirent *entry; ok && (entry = readdir(dir));)
        if (entry->d_name[0] != '.' && kind_by_name(entry->d_name) == INPUT_PICTURE)
            ok = inputs_add(in, folder, entry->d_name);
    closedir(dir);
    if (!ok)
        return problem(p, "%s: not enough memory for the names in it", folder);
    if (in->count == first)
        return problem(p, "%s: expected .png or .jpg pictures in this folder, found none", folder);
    qsort(in->paths + first, in->count - first, sizeof *in->paths, by_name);
    return true;
}

bool inputs_list(Inputs *in, const RunOptions *o, Problem *p) {
    *in = (Inputs){0};
    for (int i = 0; i < o->ninputs; i++) {
        struct stat st;
        if (!stat(o->inputs[i], &st) && S_ISDIR(st.st_mode)) {
            if (!add_folder(in, o->inputs[i], p))
                return false;
        } else if (!inputs_add(in, "", o->inputs[i])) {
            return problem(p, "not enough memory");
        }
    }
    return true;
}

void inputs_release(Inputs *in) {
    for (size_t i = 0; i < in->count; i++)
        free(in->paths[i]);
    free(in->paths);
}
