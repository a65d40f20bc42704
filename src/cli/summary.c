/* kmodel summary FILE: what model.summary() prints. */
#include "options.h"

#include <string.h>

static const char *const styles[] = {"keras3", "keras2", NULL};

/* FIRST,LAST: copied, since the model outlives the command line only by accident. */
typedef struct Range {
    char first[256], last[256];
} Range;

static bool take_range(void *user, const char *value) {
    Range *range = user;
    const char *comma = strchr(value, ',');
    if (!comma || strlen(value) >= sizeof range->first)
        return false;
    snprintf(range->first, sizeof range->first, "%.*s", (int)(comma - value), value);
    snprintf(range->last, sizeof range->last, "%s", comma + 1);
    return true;
}

int command_summary(int argc, char **argv) {
    SummaryOptions summary = {0};
    CommonOptions common = {0};
    const char *style = "keras3";
    Range range = {0};
    const Option table[] = {
        {"--style", "STYLE", "keras3, or keras2: the plain table of Keras 2.0 to 2.3",
         .text = &style, .choices = styles},
        {"--line-length", "N", "width of the table; Keras's default otherwise",
         .number = &summary.line_length},
        {"--show-trainable", NULL, "with a column that says which layers are trained",
         .flag = &summary.show_trainable},
        {"--layer-range", "FIRST,LAST", "only the layers from one to the other, by name or regex",
         .take = take_range, .user = &range},
    };
    int code = options_parse(&argc, argv, table, COUNT_OF(table), 1, 1, &common);
    if (code != OPTIONS_FINE)
        return code;
    summary.style = strcmp(style, "keras2") == 0 ? SUMMARY_KERAS2 : SUMMARY_KERAS3;
    if (*range.first) {
        summary.range_first = range.first;
        summary.range_last = range.last;
    }

    CompileOptions options = {.check.out = NULL};
    const char *error = NULL;
    Compile c;
    compile_init(&c, &options);
    diag_set_format(c.diag, common.format, common.color);
    if (compile_check(&c, argv[1]) && !model_summary(c.model, &summary, stdout, &error))
        diag_file_error(c.diag, DIAG_summary_option, argv[1], "%s", error);
    return command_end(&c);
}
