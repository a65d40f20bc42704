/* import and from ... import. */
#include "names.h"

#include <string.h>

static Value module_value(const char *path) {
    return (Value){.kind = VALUE_MODULE, .u.module = path};
}

static const char *top_level(Arena *a, const char *dotted) {
    const char *dot = strchr(dotted, '.');
    return dot ? arena_strndup(a, dotted, (size_t)(dot - dotted)) : dotted;
}

static void missing_module(Eval *e, Name name, const char *path) {
    const char *dot = strrchr(path, '.');
    const char *parent = dot ? arena_strndup(e->arena, path, (size_t)(dot - path)) : path;
    NameList names = {0};
    names_list(e->arena, parent, &names);
    eval_error(e, DIAG_unknown_member, name.span, "Keras has no module '%s'", path);
    const char *near = diag_did_you_mean(dot ? dot + 1 : path, names.at, names.count);
    if (near)
        diag_label(e->diag, "did you mean '%s.%s'?", parent, near);
}

const char *module_nearest(const char *package) {
    static const char *const usable[] = {"keras", "tensorflow", "tf_keras"};
    return diag_did_you_mean(package, usable, COUNT_OF(usable));
}

static void warn_foreign(Eval *e, Name name) {
    diag_warning(e->diag, DIAG_foreign_import, name.span,
                 "'%s' is not available in kmodel files; using it is an error", name.text);
    const char *near = module_nearest(top_level(e->arena, name.text));
    if (near)
        diag_label(e->diag, "did you mean '%s'?", near);
}

static bool is_ignored(const char *path) {
    return !strcmp(path, "__future__") || !strcmp(path, "typing");
}

static void run_import_module(Eval *e, const ImportName *import) {
    const char *dotted = import->name.text, *path = module_canonical(e->arena, dotted);
    Name target = import->alias.text ? import->alias : import->name;
    Value v = module_value(path);
    ModuleKind kind = module_kind(path);
    if (!import->alias.text) {
        target.text = top_level(e->arena, dotted);
        v = module_value(module_canonical(e->arena, target.text));
    }
    if (kind == MODULE_FOREIGN && !is_ignored(path))
        warn_foreign(e, import->name);
    if (kind == MODULE_MISSING) {
        missing_module(e, import->name, path);
        v = UNKNOWN;
    }
    scope_set(e, e->scope, target, v);
}

static Value imported(Eval *e, const char *path, ModuleKind kind, Name name) {
    Value v = UNKNOWN;
    if (kind == MODULE_FOREIGN)
        return module_value(arena_printf(e->arena, "%s.%s", path, name.text));
    if (kind == MODULE_MISSING)
        return UNKNOWN;
    return names_member(e, path, name.text, &v) ? v : names_missing(e, path, name.text, name.span);
}

static void run_from(Eval *e, const Stmt *s) {
    Name module = s->u.import.module;
    const char *path = module_canonical(e->arena, module.text);
    ModuleKind kind = module_kind(path);
    if (kind == MODULE_MISSING)
        missing_module(e, module, path);
    if (kind == MODULE_FOREIGN && !is_ignored(path))
        warn_foreign(e, module);
    if (s->u.import.star && kind != MODULE_FOREIGN && kind != MODULE_MISSING)
        vec_push(e->arena, &e->stars, path);
    for (size_t i = 0; i < s->u.import.names.count; i++) {
        const ImportName *import = &s->u.import.names.at[i];
        scope_set(e, e->scope, import->alias.text ? import->alias : import->name,
                  imported(e, path, kind, import->name));
    }
}

void run_import(Eval *e, const Stmt *s) {
    if (s->kind == STMT_FROM_IMPORT) {
        run_from(e, s);
        return;
    }
    for (size_t i = 0; i < s->u.import.names.count; i++)
        run_import_module(e, &s->u.import.names.at[i]);
}
