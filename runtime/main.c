/* What a built binary does, and `kmodel run`: options, then one of few things.
 * SPDX-License-Identifier: 0BSD */
#include "session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FINE = 0, INPUT_WRONG = 1, MISUSE = 2 };

static void print_version(const km_model *m, const km_launch *l) {
    char in[SHAPE_TEXT], out[SHAPE_TEXT];
    printf("%s: model '%s', input %s, output %s\n", l->program, m->name, shape_text(&m->input, in),
           shape_text(&m->output, out));
    printf("compiled by kmodel for %s%s\n", *m->required ? "CPUs with " : "any CPU", m->required);
}

static bool may_run(const km_model *m, Problem *p) {
    const char *missing = m->abi == KM_ABI ? km_cpu_missing(m->required) : NULL;
    if (m->abi != KM_ABI)
        return problem(p, "the model was compiled for runtime %u, this is runtime %d", m->abi,
                       KM_ABI);
    return !missing || problem(p,
                               "this CPU lacks %s, which the model was compiled for; build it with "
                               "another --cpu",
                               missing);
}

static bool run(const km_model *m, const km_launch *l, const RunOptions *o, Problem *p) {
    Session s = {0};
    bool ok = may_run(m, p) && session_open(&s, m, l, o, p);
    if (ok)
        ok = o->bench ? bench(&s, p) : predict(&s, p);
    if (ok && o->time)
        fprintf(stderr, "%lld sample%s in %.3f ms, %.3f us each\n", (long long)s.samples,
                s.samples == 1 ? "" : "s", s.seconds * 1e3,
                s.samples ? s.seconds * 1e6 / (double)s.samples : 0);
    if (ok && o->profile)
        profile_print(&s, o->bench ? stdout : stderr);
    session_close(&s);
    return ok;
}

/* --help and its like. False: there is something to run. */
static bool inform(const km_model *m, const km_launch *l, const RunOptions *o) {
    if (o->help)
        run_options_help(l->program, stdout);
    else if (o->version)
        print_version(m, l);
    else if (o->summary)
        fputs(m->summary, stdout);
    return o->help || o->version || o->summary;
}

/* What a full disk or a closed pipe did to standard output. */
static bool close_stdout(Problem *p) {
    errno = 0;
    if (!fflush(stdout) && !ferror(stdout))
        return true;
    return problem(p, "standard output: cannot write: %s", strerror(errno));
}

static int say(const km_launch *l, const Problem *p, int code) {
    fprintf(stderr, "%s: %s\n", l->program, p->text);
    return code;
}

int km_main(const km_model *model, const km_launch *launch, int argc, char **argv) {
    Problem p = {{0}};
    RunOptions o;
    const char **inputs = calloc((size_t)argc + 1, sizeof *inputs);
    int code = FINE;
    if (!inputs)
        code = (problem(&p, "not enough memory"), say(launch, &p, INPUT_WRONG));
    else if (!run_options_parse(&o, inputs, launch->threads, argc, argv, &p))
        code = say(launch, &p, MISUSE);
    else if (!o.ninputs && !o.bench && !o.help && !o.version && !o.summary)
        code = (problem(&p, "nothing to run on; see --help"), say(launch, &p, MISUSE));
    else if (!inform(model, launch, &o) && !run(model, launch, &o, &p))
        code = say(launch, &p, INPUT_WRONG);
    if (code == FINE && !close_stdout(&p))
        code = say(launch, &p, INPUT_WRONG);
    free(inputs);
    return code;
}
