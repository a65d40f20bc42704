/* Where a built binary starts. The linking stage gives it two symbols: km_binary_model, the model,
 * and km_binary_options. SPDX-License-Identifier: 0BSD */
#include "weights_map.h"

#include <stdio.h>
#include <string.h>

extern const km_model km_binary_model;
extern const km_binary km_binary_options;

int main(int argc, char **argv) {
    const char *slash = argc > 0 ? strrchr(argv[0], '/') : NULL;
    km_launch launch = {
        .program = slash      ? slash + 1
                   : argc > 0 ? argv[0]
                              : km_binary_model.name,
        .weights = km_binary_model.weights,
        .threads = (int)km_binary_options.threads,
    };
    Problem p;
    if (km_binary_options.has_weights_file &&
        !(launch.weights = weights_map(&km_binary_model, &km_binary_options, &p))) {
        fprintf(stderr, "%s: %s\n", launch.program, p.text);
        return 1;
    }
    return km_main(&km_binary_model, &launch, argc, argv);
}
