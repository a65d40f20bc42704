/* kmodel targets: what --cpu takes. */
#include "options.h"

int command_targets(int argc, char **argv) {
    CommonOptions common = {0};
    int code = options_parse(&argc, argv, NULL, 0, 0, 0, &common);
    if (code != OPTIONS_FINE)
        return code;
    target_list(stdout);
    return EXIT_FINE;
}
