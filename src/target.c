/* The targets. x86-64's are the psABI's levels; native is this machine's features as far as a
 * binary can check them again when it starts. */
#include "target.h"

#include "codegen/codegen.h"

#include <string.h>
#include <unistd.h>

#define SSE_V2 "sse3 ssse3 sse4.1 sse4.2 popcnt"
#define AVX_V3 SSE_V2 " avx avx2 bmi bmi2 f16c fma lzcnt movbe"
#define AVX_V4 AVX_V3 " avx512f avx512bw avx512cd avx512dq avx512vl"

typedef struct TargetRow {
    Target target; /* its features follow from `required` */
    const char *about;
} TargetRow;

#define KIB 1024
static const TargetRow rows[] = {
#if defined __aarch64__
    {{.name = "generic",
      .triple = "aarch64-unknown-linux-gnu",
      .cpu = "generic",
      .required = "",
      .vector = 4,
      .registers = 32,
      .fma = true,
      .l1 = 32 * KIB,
      .l2 = 512 * KIB},
     "any 64-bit ARM"},
#else
    {{.name = "generic",
      .triple = "x86_64-pc-linux-gnu",
      .cpu = "x86-64",
      .required = "",
      .vector = 4,
      .registers = 16,
      .l1 = 32 * KIB,
      .l2 = 256 * KIB},
     "any x86-64: SSE2"},
#endif
    {{.name = "x86-64-v2",
      .triple = "x86_64-pc-linux-gnu",
      .cpu = "x86-64",
      .required = SSE_V2,
      .vector = 4,
      .registers = 16,
      .l1 = 32 * KIB,
      .l2 = 256 * KIB},
     "SSE4.2 (2009)"},
    {{.name = "x86-64-v3",
      .triple = "x86_64-pc-linux-gnu",
      .cpu = "x86-64",
      .required = AVX_V3,
      .tune = "x86-64-v3",
      .vector = 8,
      .registers = 16,
      .fma = true,
      .l1 = 32 * KIB,
      .l2 = 256 * KIB},
     "AVX2 and FMA (2013)"},
    {{.name = "x86-64-v4",
      .triple = "x86_64-pc-linux-gnu",
      .cpu = "x86-64",
      .required = AVX_V4,
      .tune = "x86-64-v4",
      .vector = 16,
      .registers = 32,
      .fma = true,
      .l1 = 32 * KIB,
      .l2 = 1024 * KIB},
     "AVX-512 (2017)"},
};

/* "a b" -> "+a,+b": required features as LLVM writes them. */
static const char *llvm_features(Arena *a, const char *required) {
    char *text = arena_strdup(a, "");
    for (const char *at = required; *at;) {
        size_t len = strcspn(at, " ");
        text = arena_printf(a, "%s%s+%.*s", text, *text ? "," : "", (int)len, at);
        at += len + (at[len] == ' ');
    }
    return text;
}

static bool has_feature(const char *features, const char *name, size_t len) {
    for (const char *at = features; (at = strchr(at, '+')) != NULL; at++)
        if (!strncmp(at + 1, name, len) && (at[1 + len] == ',' || at[1 + len] == '\0'))
            return true;
    return false;
}

static bool has_all_features(const char *features, const char *names) {
    for (const char *at = names; *at;) {
        size_t len = strcspn(at, " ");
        if (!has_feature(features, at, len))
            return false;
        at += len + (at[len] == ' ');
    }
    return true;
}

static int64_t cache_size(int name, int64_t fallback) {
    long size = sysconf(name);
    return size > 0 ? size : fallback;
}

/* The highest row whose features this machine has, tuned for this machine. */
static const Target *find_native(Arena *a) {
    const HostCpu host = codegen_host_cpu(a);
    size_t best = 0;
    for (size_t i = 1; i < COUNT_OF(rows); i++)
        if (!strncmp(rows[i].target.triple, host.triple, strcspn(host.triple, "-")) &&
            has_all_features(host.features, rows[i].target.required))
            best = i;
    Target *t = arena_alloc(a, sizeof *t);
    *t = rows[best].target;
    t->name = "native";
    t->features = llvm_features(a, t->required);
    t->tune = host.cpu;
    t->l1 = cache_size(_SC_LEVEL1_DCACHE_SIZE, t->l1);
    t->l2 = cache_size(_SC_LEVEL2_CACHE_SIZE, t->l2);
    return t;
}

const Target *target_find(Arena *a, const char *cpu, Diag *d) {
    if (!cpu || !strcmp(cpu, "native"))
        return find_native(a);
    const char *names[COUNT_OF(rows) + 1] = {"native"};
    char *list = arena_strdup(a, "native");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (!strcmp(cpu, rows[i].target.name)) {
            Target *t = arena_alloc(a, sizeof *t);
            *t = rows[i].target;
            t->features = llvm_features(a, t->required);
            return t;
        }
        names[i + 1] = rows[i].target.name;
        list = arena_printf(a, "%s, %s", list, names[i + 1]);
    }
    diag_error(d, DIAG_unknown_cpu, SPAN_NONE, "unknown CPU '%s'", cpu);
    const char *meant = diag_did_you_mean(cpu, names, COUNT_OF(names));
    if (meant)
        diag_help(d, "did you mean '%s'?", meant);
    diag_help(d, "the CPUs are: %s", list);
    return NULL;
}

void target_list(FILE *out) {
    fprintf(out, "%-10s  %s\n", "native", "this machine; the default");
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        fprintf(out, "%-10s  %s\n", rows[i].target.name, rows[i].about);
}
