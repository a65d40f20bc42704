/* kmodel check FILE: is the file right? */
#include "options.h"

/* 94538 -> "94,538" */
static void put_grouped(int64_t n, FILE *out) {
    if (n >= 1000) {
        put_grouped(n / 1000, out);
        fprintf(out, ",%03d", (int)(n % 1000));
    } else {
        fprintf(out, "%d", (int)n);
    }
}

static const char *plural(int64_t n) {
    return n == 1 ? "" : "s";
}

static void put_verdict(const Compile *c, const char *path) {
    int64_t params = model_count_params(c->model).total;
    fflush(stdout); /* so that a log of both has what the file printed before the verdict */
    fprintf(stderr, "%s: fine: %zu layer%s, ", path, c->model->layers.count,
            plural((int64_t)c->model->layers.count));
    put_grouped(params, stderr);
    fprintf(stderr, " parameter%s", plural(params));
    if (c->program && c->program->asserts_proved > 0)
        fprintf(stderr, ", %d assert%s proved", c->program->asserts_proved,
                plural(c->program->asserts_proved));
    fputc('\n', stderr);
}

int command_check(int argc, char **argv) {
    const char *emit = NULL, *stages[8] = {0};
    for (size_t i = 0; i < compile_nstages; i++)
        stages[i] = compile_stages[i].name;
    CompileOptions options = {.opt_level = 2, .check.out = stdout};
    CommonOptions common = {0};
    const Option table[] = {
        {"--emit", "STAGE", "print a stage's product: ast, model, ops or plan", .text = &emit,
         .choices = stages},
        {"--cpu", "NAME", "the target of --emit plan", .text = &options.cpu},
        {"--weights", "FILE", "the weights that --emit ops and plan use", .text = &options.weights},
    };
    int code = options_parse(&argc, argv, table, COUNT_OF(table), 1, 1, &common);
    if (code != OPTIONS_FINE)
        return code;
    options.init = true; /* values matter to no stage that is shown */
    if (emit || common.quiet)
        options.check.out = NULL;

    Compile c;
    compile_init(&c, &options);
    diag_set_format(c.diag, common.format, common.color);
    if (emit)
        compile_emit(&c, argv[1], stage_find(emit), stdout);
    else if (compile_check(&c, argv[1]) && !common.quiet && common.format == DIAG_TEXT)
        put_verdict(&c, argv[1]);
    return command_end(&c);
}
