/* What a file is, by its content. What kmodel does not read is at least called by its name, with
 * the way from there to a file that it reads. */
#include "hdf5.h"
#include "zip.h"

#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* A kind of file that is not read. */
typedef struct Foreign {
    bool (*is)(View v);
    const char *what, *cure;
} Foreign;

#define STARTS_WITH(v, text) view_starts_with((v), (text), sizeof(text) - 1)

static View skip_space(View v) {
    while (v.size && strchr(" \t\r\n", v.at[0]) && v.at[0])
        v = (View){v.at + 1, v.size - 1};
    return v;
}

static bool has_at(View v, size_t offset, const char *text) {
    View rest;
    return view_slice(v, offset, strlen(text), &rest) && !memcmp(rest.at, text, rest.size);
}

static bool mentions(View v, const char *text) {
    return memmem(v.at, v.size, text, strlen(text)) != NULL;
}

static bool is_empty(View v) {
    return v.size == 0;
}

static bool is_lfs_pointer(View v) {
    return STARTS_WITH(v, "version https://git-lfs.github.com/spec");
}

static bool is_html(View v) {
    v = skip_space(v);
    return v.size >= 5 && (!strncasecmp((const char *)v.at, "<html", 5) ||
                           (v.size >= 9 && !strncasecmp((const char *)v.at, "<!doctype", 9)));
}

/* The K210's toolchain calls its own binaries .kmodel too. */
static bool is_nncase(View v) {
    return STARTS_WITH(v, "LDMK") || STARTS_WITH(v, "\3\0\0\0\0\0\0\0\0\0\0\0") ||
           STARTS_WITH(v, "\3\0\0\0\1\0\0\0\0\0\0\0");
}

static bool is_tflite(View v) {
    return has_at(v, 4, "TFL3");
}

static bool is_pickle(View v) {
    return v.size > 2 && v.at[0] == 0x80 && v.at[1] >= 2 && v.at[1] <= 5;
}

static bool is_checkpoint(View v) {
    static const unsigned char magic[] = {0x57, 0xFB, 0x80, 0x8B, 0x24, 0x75, 0x47, 0xDB};
    return v.size >= sizeof magic && !memcmp(v.at + v.size - sizeof magic, magic, sizeof magic);
}

/* Protobuf: field 1 is the schema version 1, field 2 a message. */
static bool is_saved_model(View v) {
    return STARTS_WITH(v, "\x08\x01\x12");
}

/* Protobuf: field 1 is ir_version, then the producer's name (2) or the graph (7). */
static bool is_onnx(View v) {
    return v.size > 3 && v.at[0] == 8 && v.at[1] >= 3 && v.at[1] <= 15 &&
           (v.at[2] == 0x12 || v.at[2] == 0x3A);
}

static bool is_safetensors(View v) {
    Cursor c = cursor_at(v, 0);
    uint64_t header = cursor_uint(&c, 8);
    return has_at(v, 8, "{") && header < v.size;
}

static bool is_numpy(View v) {
    return STARTS_WITH(v, "\x93NUMPY");
}

static bool is_archive(View v) {
    return STARTS_WITH(v, "\x1F\x8B") || STARTS_WITH(v, "BZh") || STARTS_WITH(v, "7z\xBC\xAF") ||
           STARTS_WITH(v, "\xFD"
                          "7zXZ") ||
           STARTS_WITH(v, "Rar!") || has_at(v, 257, "ustar");
}

static bool is_picture(View v) {
    return STARTS_WITH(v, "\x89PNG") || STARTS_WITH(v, "\xFF\xD8\xFF") || STARTS_WITH(v, "GIF8");
}

static bool is_program(View v) {
    return STARTS_WITH(v, "\x7F"
                          "ELF") ||
           STARTS_WITH(v, "MZ");
}

static bool is_utf16(View v) {
    return STARTS_WITH(v, "\xFF\xFE") || STARTS_WITH(v, "\xFE\xFF");
}

static bool is_utf32(View v) {
    return STARTS_WITH(v, "\xFF\xFE\0\0") || STARTS_WITH(v, "\0\0\xFE\xFF");
}

/* Without a mark: every second byte of Latin text is 0. */
static bool is_utf16_unmarked(View v) {
    size_t n = v.size < 64 ? v.size : 64, zeros[2] = {0};
    for (size_t i = 0; i < n; i++)
        zeros[i % 2] += v.at[i] == 0;
    return n >= 8 && n % 2 == 0 &&
           ((zeros[0] == 0 && zeros[1] == n / 2) || (zeros[1] == 0 && zeros[0] == n / 2));
}

static bool is_json(View v) {
    v = skip_space(v);
    return STARTS_WITH(v, "{\"") || STARTS_WITH(v, "{\n") || STARTS_WITH(v, "{ ");
}

static bool is_tfjs(View v) {
    return is_json(v) && mentions(v, "\"modelTopology\"");
}

static bool is_sharded(View v) {
    return is_json(v) && mentions(v, "\"weight_map\"");
}

static bool is_architecture(View v) {
    return is_json(v) && mentions(v, "\"class_name\"");
}

static const char resave[] = "load it with Keras and save it: model.save('model.keras')";
static const char rebuild[] = "rebuild the network in Keras, give it these weights, and save it: "
                              "model.save('model.keras')";

static const Foreign foreign[] = {
    {is_empty, "this file is empty", "fetch or save it again"},
    {is_lfs_pointer, "this is a git-lfs pointer, not the file itself",
     "fetch the file with `git lfs pull`"},
    {is_html, "this is an HTML page, not a model",
     "a download gave a web page: fetch the raw file"},
    {is_nncase, "this is a binary of nncase (Kendryte K210), which is called .kmodel too",
     "import the Keras model that it was made from: kmodel import model.h5 -o model.kmodel"},
    {is_tflite, "this is a TensorFlow Lite model", "import the Keras model it was converted from"},
    {is_pickle, "this is a Python pickle, which is a program and never executed", resave},
    {is_checkpoint, "this is a TensorFlow checkpoint, which holds weights and no layers", rebuild},
    {is_saved_model, "this is a TensorFlow SavedModel", resave},
    {is_onnx, "this is an ONNX model", "import the Keras model it was converted from"},
    {is_safetensors, "this is a safetensors file, which holds weights and no layers", rebuild},
    {is_numpy, "this is a NumPy array, not a model", "give it to the built binary with --input"},
    {is_archive, "this is a compressed archive", "unpack it first"},
    {is_picture, "this is a picture, not a model", "give it to the built binary with --input"},
    {is_program, "this is a program, not a model", "give the model that it was made from"},
    {is_utf32, "this text is UTF-32; kmodel reads UTF-8", "save it as UTF-8"},
    {is_utf16, "this text is UTF-16; kmodel reads UTF-8", "save it as UTF-8"},
    {is_utf16_unmarked, "this text is UTF-16; kmodel reads UTF-8", "save it as UTF-8"},
    {is_tfjs, "this is a TensorFlow.js model", resave},
    {is_sharded, "this is the index of sharded weights", "save the weights into one file"},
    {is_architecture, "this is an architecture as JSON (model.to_json()), which has no weights",
     "load it with keras.models.model_from_json, then model.save('model.keras')"},
};

static FormatKind not_a_model(const char *path, const char *what, const char *cure, Diag *d) {
    diag_file_error(d, DIAG_not_a_model, path, "%s", what);
    diag_help(d, "%s", cure);
    return FORMAT_UNKNOWN;
}

static FormatKind sniff_hdf5(const char *path, Files *files, View v, Diag *d) {
    Hdf5 *h = hdf5_open(files, v);
    const Hdf5Object *root = hdf5_root(h);
    Strings text;
    if (root && hdf5_strings(h, root, "model_config", &text))
        return FORMAT_H5_MODEL;
    if (root && (hdf5_strings(h, root, "layer_names", &text) ||
                 hdf5_strings(h, root, "layer_names0", &text)))
        return FORMAT_H5_WEIGHTS;
    if (root && (hdf5_find(h, root, "layers") || hdf5_find(h, root, "vars") ||
                 hdf5_find(h, root, "_layer_checkpoint_dependencies")))
        return FORMAT_KERAS3_WEIGHTS;
    if (!hdf5_trouble(h))
        return not_a_model(path, "this HDF5 file holds neither a Keras model nor its weights",
                           "save the model with Keras: model.save('model.keras')", d);
    hdf5_report(h, path, d);
    return FORMAT_UNKNOWN;
}

static FormatKind sniff_zip(const char *path, Files *files, View v, Diag *d) {
    Zip z;
    if (!zip_open(&z, files, v)) {
        diag_file_error(d, DIAG_damaged_file, path, "this zip file is damaged: %s", z.error);
        diag_help(d, "fetch or save it again");
        return FORMAT_UNKNOWN;
    }
    if (zip_find(&z, "config.json"))
        return FORMAT_KERAS_ZIP;
    if (zip_find(&z, "data.pkl"))
        return not_a_model(path, "this is a PyTorch file: a Python pickle, never executed", rebuild,
                           d);
    if (z.members.count && strstr(z.members.at[0].name, ".npy"))
        return not_a_model(path, "this is a NumPy .npz file, which holds no layers", rebuild, d);
    return not_a_model(path, "this zip file holds no Keras model: it has no config.json", resave,
                       d);
}

static bool exists_in(Arena *a, const char *folder, const char *name) {
    struct stat st;
    return !stat(arena_printf(a, "%s/%s", folder, name), &st);
}

static FormatKind sniff_folder(const char *path, Arena *a, Diag *d) {
    if (exists_in(a, path, "config.json") && exists_in(a, path, "metadata.json"))
        return FORMAT_KERAS_ZIP;
    if (exists_in(a, path, "saved_model.pb") || exists_in(a, path, "saved_model.pbtxt"))
        return not_a_model(path, "this is a TensorFlow SavedModel", resave, d);
    if (exists_in(a, path, "checkpoint"))
        return not_a_model(path, "this folder holds TensorFlow checkpoints", rebuild, d);
    return not_a_model(path, "this is a folder without a model", "give the model's file", d);
}

static FormatKind sniff_file(const char *path, Files *files, View v, Diag *d) {
    if (STARTS_WITH(v, "PK\3\4") || STARTS_WITH(v, "PK\5\6"))
        return sniff_zip(path, files, v, d);
    for (size_t at = 0; at < v.size; at = at ? at * 2 : 512) /* after a user block, too */
        if (has_at(v, at, "\x89HDF\r\n\x1a\n"))
            return sniff_hdf5(path, files, v, d);
    for (size_t i = 0; i < COUNT_OF(foreign); i++)
        if (foreign[i].is(v))
            return not_a_model(path, foreign[i].what, foreign[i].cure, d);
    if (memchr(v.at, 0, v.size < 4096 ? v.size : 4096))
        return not_a_model(path, "this binary file is of no kind that kmodel knows", resave, d);
    return FORMAT_KMODEL;
}

FormatKind format_sniff(const char *path, Diag *d) {
    Arena *a = arena_new();
    Files *files = files_new(a);
    FormatKind kind = FORMAT_UNKNOWN;
    struct stat st;
    View v;
    if (!stat(path, &st) && S_ISDIR(st.st_mode))
        kind = sniff_folder(path, a, d);
    else if (files_map(files, path, &v, d))
        kind = sniff_file(path, files, v, d);
    files_close(files);
    arena_free(a);
    return kind;
}
