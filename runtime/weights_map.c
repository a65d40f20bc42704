/* Weights beside the binary: mapped, so that what is not read is never loaded and all processes
 * share one copy. SPDX-License-Identifier: 0BSD */
#include "weights_map.h"
#include "bytes.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A relative name starts at the binary's folder, wherever it is called from. */
static bool locate(const char *name, char *path, size_t size, Problem *p) {
    char self[PATH_MAX];
    ssize_t n = *name == '/' ? 0 : readlink("/proc/self/exe", self, sizeof self - 1);
    self[n < 0 ? 0 : n] = '\0';
    char *slash = strrchr(self, '/');
    if (slash)
        slash[1] = '\0';
    int length = snprintf(path, size, "%s%s", self, name);
    return (n >= 0 && (size_t)length < size) || problem(p, "cannot find the weights %s", name);
}

const char *weights_map(const km_model *model, const km_binary *binary, Problem *p) {
    static const char advice[] = "build the model again, or put the file of that build there";
    char path[PATH_MAX];
    Bytes file;
    km_weights_header header = {0};
    if (!locate(binary->weights_file, path, sizeof path, p) || !bytes_open(&file, path, p))
        return NULL;
    uint64_t size = KM_PAGE + model->weights_bytes;
    if (file.size >= sizeof header)
        memcpy(&header, file.at, sizeof header);
    if (memcmp(header.magic, KM_WEIGHTS_MAGIC, sizeof header.magic))
        problem(p, "%s: expected weights made by kmodel, found something else; %s", path, advice);
    else if (file.size != size)
        problem(p, "%s: expected %llu bytes, found %zu; %s", path, (unsigned long long)size,
                file.size, advice);
    else if (header.id != binary->weights_id)
        problem(p, "%s: these are the weights of another build; %s", path, advice);
    else
        return file.at + KM_PAGE;
    bytes_close(&file);
    return NULL;
}
