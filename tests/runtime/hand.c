/* A model written by hand, for tests of the runtime alone: input (4, 4, 1), output (3,): sum,
 * greatest and least of the input, in two steps over the workspace. */
#include "../../runtime/km.h"

enum { CELLS = 16 };

/* Copies its share of the input: so that the second step needs all threads' work. */
static void copy(const km_call *c) {
    for (int64_t i = c->thread * CELLS / c->threads; i < (c->thread + 1) * CELLS / c->threads; i++)
        ((float *)c->workspace)[i] = c->input[i];
}

static void reduce(const km_call *c) {
    if (c->thread)
        return;
    const float *x = (const float *)c->workspace;
    float sum = 0, greatest = x[0], least = x[0];
    for (int i = 0; i < CELLS; i++) {
        sum += x[i];
        greatest = x[i] > greatest ? x[i] : greatest;
        least = x[i] < least ? x[i] : least;
    }
    c->output[0] = sum;
    c->output[1] = greatest;
    c->output[2] = least;
}

static const km_step steps[] = {{copy, "copy", "move", 0}, {reduce, "reduce", "reduce", 48}};

extern const km_model km_binary_model;
extern const km_binary km_binary_options;
const km_model km_binary_model = {
    .abi = KM_ABI,
    .nsteps = 2,
    .name = "hand",
    .summary = "Model: \"hand\"\n",
    .required = "",
    .steps = steps,
    .workspace_bytes = CELLS * sizeof(float),
    .input = {3, {4, 4, 1}},
    .output = {1, {3}},
};
const km_binary km_binary_options = {.threads = 1};
