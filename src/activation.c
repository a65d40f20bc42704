/* Activations: each is a tree for one element, or a few ops when it looks along an axis. The trees
 * are written so that they hold in float too: no difference of large numbers, no overflow that the
 * result does not have. NaN and the infinities come out as TensorFlow's do. */
#include "layer.h"

#include <math.h>
#include <string.h>

/* The trees below read their one operand as `x` and build in arena `a`. */
#define x           elt_input(a, 0)
#define N(n)        elt_number(a, n)
#define ADD(p, q)   elt_2(a, ELT_ADD, p, q)
#define SUB(p, q)   elt_2(a, ELT_SUB, p, q)
#define MUL(p, q)   elt_2(a, ELT_MUL, p, q)
#define DIV(p, q)   elt_2(a, ELT_DIV, p, q)
#define MAX(p, q)   elt_2(a, ELT_MAX, p, q)
#define MIN(p, q)   elt_2(a, ELT_MIN, p, q)
#define LT(p, q)    elt_2(a, ELT_LT, p, q)
#define LE(p, q)    elt_2(a, ELT_LE, p, q)
#define IF(c, p, q) elt_3(a, ELT_SELECT, c, p, q)
#define F(name, p)  elt_1(a, ELT_##name, p)

const Elt *activation_leaky_relu(Arena *a, double slope) {
    return IF(LT(N(0), x), x, MUL(N(slope), x));
}

/* Keras's relu with all its arguments; max_value is NaN for None. */
const Elt *activation_relu(Arena *a, double slope, double max_value, double threshold) {
    if (slope != 0 && isnan(max_value) && threshold == 0)
        return activation_leaky_relu(a, slope);
    const Elt *y = threshold != 0 ? IF(LT(N(threshold), x), x, N(0)) : MAX(x, N(0));
    if (!isnan(max_value))
        y = threshold != 0 ? MIN(MAX(y, N(0)), N(max_value)) : MIN(y, N(max_value));
    if (slope != 0)
        y = SUB(y, MUL(N(slope), MAX(SUB(N(threshold), x), N(0))));
    return y;
}

const Elt *activation_elu(Arena *a, double alpha) {
    return IF(LT(x, N(0)), MUL(N(alpha), F(EXPM1, x)), x);
}

static const Elt *relu(Arena *a) {
    return activation_relu(a, 0, NAN, 0);
}

static const Elt *relu6(Arena *a) {
    return activation_relu(a, 0, 6, 0);
}

static const Elt *leaky_relu(Arena *a) {
    return activation_leaky_relu(a, 0.2);
}

static const Elt *elu(Arena *a) {
    return activation_elu(a, 1);
}

static const Elt *celu(Arena *a) {
    return ADD(MAX(x, N(0)), F(EXPM1, MIN(x, N(0))));
}

static const Elt *selu(Arena *a) {
    const double scale = 1.05070098735548049342, alpha = 1.67326324235437728482;
    return IF(LT(x, N(0)), MUL(N(scale * alpha), F(EXPM1, x)), MUL(N(scale), x));
}

static const Elt *gelu(Arena *a) {
    return MUL(MUL(N(0.5), x), F(ERFC, MUL(N(-M_SQRT1_2), x)));
}

static const Elt *sigmoid(Arena *a) {
    return F(SIGMOID, x);
}

static const Elt *silu(Arena *a) {
    return MUL(x, F(SIGMOID, x));
}

static const Elt *hard_sigmoid(Arena *a) {
    return DIV(MIN(MAX(ADD(x, N(3)), N(0)), N(6)), N(6));
}

static const Elt *hard_silu(Arena *a) {
    return MUL(x, hard_sigmoid(a));
}

static const Elt *sparse_sigmoid(Arena *a) {
    return IF(LE(x, N(-1)), N(0), IF(LE(N(1), x), N(1), MUL(N(0.5), ADD(x, N(1)))));
}

static const Elt *hyperbolic_tangent(Arena *a) {
    return F(TANH, x);
}

static const Elt *hard_tanh(Arena *a) {
    return MIN(MAX(x, N(-1)), N(1));
}

static const Elt *tanh_shrink(Arena *a) {
    return SUB(x, F(TANH, x));
}

/* log(1 + exp(x)) without the overflow */
static const Elt *softplus(Arena *a) {
    return ADD(MAX(x, N(0)), F(LOG1P, F(EXP, F(NEG, F(ABS, x)))));
}

static const Elt *log_sigmoid(Arena *a) {
    return SUB(MIN(x, N(0)), F(LOG1P, F(EXP, F(NEG, F(ABS, x)))));
}

static const Elt *mish(Arena *a) {
    return MUL(x, F(TANH, softplus(a)));
}

static const Elt *softsign(Arena *a) {
    return DIV(x, ADD(N(1), F(ABS, x)));
}

static const Elt *soft_shrink(Arena *a) {
    return IF(LT(N(0.5), x), SUB(x, N(0.5)), IF(LT(x, N(-0.5)), ADD(x, N(0.5)), N(0)));
}

static const Elt *hard_shrink(Arena *a) {
    return IF(LT(N(0.5), F(ABS, x)), x, N(0));
}

static const Elt *sparse_plus(Arena *a) {
    const Elt *up = ADD(x, N(1));
    return IF(LE(x, N(-1)), N(0), IF(LT(x, N(1)), MUL(N(0.25), MUL(up, up)), x));
}

static const Elt *squareplus(Arena *a) {
    return MUL(N(0.5), ADD(x, F(SQRT, ADD(MUL(x, x), N(4)))));
}

static const Elt *exponential(Arena *a) {
    return F(EXP, x);
}

#undef x

static Op *softmax(Lower *lw, Op *x) {
    return op_softmax(lw->ops, x, 1u << (x->shape.rank - 1), false);
}

static Op *log_softmax(Lower *lw, Op *x) {
    return op_softmax(lw->ops, x, 1u << (x->shape.rank - 1), true);
}

static Op *sparsemax(Lower *lw, Op *x) {
    return op_sparsemax(lw->ops, x);
}

/* The first half of the last axis times the sigmoid of the second. */
static Op *glu(Lower *lw, Op *x) {
    Arena *a = lw->arena;
    int last = x->shape.rank - 1;
    int64_t start[SHAPE_MAX] = {0}, step[SHAPE_MAX], length[SHAPE_MAX];
    for (int i = 0; i <= last; i++) {
        step[i] = 1;
        length[i] = x->shape.dim[i];
    }
    length[last] /= 2;
    Op *halves[2];
    halves[0] = op_slice(lw->ops, x, start, step, length);
    start[last] = length[last];
    halves[1] = op_slice(lw->ops, x, start, step, length);
    lw->halved = true;
    return op_map(lw->ops, MUL(elt_input(a, 0), F(SIGMOID, elt_input(a, 1))), halves, 2);
}

typedef struct Activation {
    const char *name;
    const Elt *(*tree)(Arena *a);   /* of one element, or */
    Op *(*lower)(Lower *lw, Op *x); /* ops along the last axis; */
    bool linear;                    /* or x itself; none of them: not an activation by name */
} Activation;

static const Activation activations[] = {
    {"linear", .linear = true},
    {"relu", .tree = relu},
    {"relu6", .tree = relu6},
    {"leaky_relu", .tree = leaky_relu},
    {"elu", .tree = elu},
    {"celu", .tree = celu},
    {"selu", .tree = selu},
    {"gelu", .tree = gelu},
    {"sigmoid", .tree = sigmoid},
    {"silu", .tree = silu},
    {"swish", .tree = silu},
    {"hard_sigmoid", .tree = hard_sigmoid},
    {"hard_silu", .tree = hard_silu},
    {"hard_swish", .tree = hard_silu},
    {"sparse_sigmoid", .tree = sparse_sigmoid},
    {"log_sigmoid", .tree = log_sigmoid},
    {"tanh", .tree = hyperbolic_tangent},
    {"hard_tanh", .tree = hard_tanh},
    {"tanh_shrink", .tree = tanh_shrink},
    {"softplus", .tree = softplus},
    {"softsign", .tree = softsign},
    {"mish", .tree = mish},
    {"soft_shrink", .tree = soft_shrink},
    {"hard_shrink", .tree = hard_shrink},
    {"sparse_plus", .tree = sparse_plus},
    {"squareplus", .tree = squareplus},
    {"exponential", .tree = exponential},
    {"softmax", .lower = softmax},
    {"log_softmax", .lower = log_softmax},
    {"sparsemax", .lower = sparsemax},
    {"glu", .lower = glu},
    {.name = "threshold"}, /* Keras knows the name, but its function needs two more arguments */
};

static const Activation *find(const char *name) {
    for (size_t i = 0; i < COUNT_OF(activations); i++)
        if (strcmp(activations[i].name, name) == 0)
            return &activations[i];
    BUG("no activation is called %s", name);
}

Op *lower_activation_named(Lower *lw, const char *name, Op *x) {
    const Activation *f = find(name);
    return f->tree ? op_map1(lw->ops, f->tree(lw->arena), x) : f->lower ? f->lower(lw, x) : x;
}

Op *lower_activation(Lower *lw, const Object *o, int arg, Op *x) {
    Value v = o->args[arg];
    if (v.kind == VALUE_STR)
        return lower_activation_named(lw, v.u.str.text, x);
    if (v.kind == VALUE_LAYER && v.u.layer->def->lower)
        return v.u.layer->def->lower(v.u.layer, lw, &x);
    return x;
}

static bool name_fits(const Layer *l, int arg, const char *name, Shape out, Diag *d) {
    const Activation *f = find(name);
    if (!f->tree && !f->lower && !f->linear)
        return layer_arg_error(l, arg, DIAG_activation, d,
                               "the activation '%s' needs arguments, which its name cannot give",
                               name);
    if (f->lower && out.rank == 0)
        return layer_arg_error(l, arg, DIAG_activation, d,
                               "the activation '%s' needs an axis beside the batch", name);
    int64_t last = f->lower == glu ? out.dim[out.rank - 1] : 0;
    if (last != DIM_NONE && last % 2 != 0)
        return layer_arg_error(l, arg, DIAG_activation, d,
                               "the activation 'glu' halves the last axis, but %lld is odd",
                               (long long)last);
    return true;
}

/* A layer such as LeakyReLU(0.1): only one that keeps its input's shape and has no weights. */
static bool layer_fits(const Layer *l, int arg, Layer *f, Shape out, Diag *d) {
    Shape shape = out;
    if (f->def->weights || f->def->input)
        return layer_arg_error(l, arg, DIAG_activation, d,
                               "a %s as activation is not supported: add it after this layer",
                               f->def->class.name);
    f->node = l->node;
    f->built = true;
    if (f->def->shape && !f->def->shape(f, &out, &shape, d))
        return false;
    return shape_equal(shape, out) ||
           layer_arg_error(l, arg, DIAG_activation, d, "a %s as activation changes the shape",
                           f->def->class.name);
}

bool activations_fit(const Layer *l, Shape out, Diag *d) {
    const ClassDef *class = &l->def->class;
    for (int i = 0; i < class->nargs; i++) {
        Value v = l->object.args[i];
        if (class->args[i].type != ARG_ACTIVATION)
            continue;
        if (v.kind == VALUE_STR && !name_fits(l, i, v.u.str.text, out, d))
            return false;
        if (v.kind == VALUE_LAYER && !layer_fits(l, i, v.u.layer, out, d))
            return false;
    }
    return true;
}
