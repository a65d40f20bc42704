/* Keras 3: the table that Python's rich draws, where output is not a terminal.
 *
 *     ┏━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
 *     ┃ Layer (type)        ┃ Output Shape           ┃       Param # ┃
 *     ┡━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
 *     │ conv2d (Conv2D)     │ (None, 222, 222, 32)   │           896 │
 *     └─────────────────────┴────────────────────────┴───────────────┘
 */
#include "summary.h"
#include "layer.h"
#include "parse/utf8.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef enum Align { ALIGN_LEFT, ALIGN_RIGHT, ALIGN_CENTER } Align;

typedef struct Column {
    const char *header;
    Align align;
    int width; /* of the text; a blank on either side comes on top */
} Column;

typedef struct Table {
    Summary *summary;
    Column columns[SUMMARY_COLUMNS_MAX];
    int count, console; /* characters beyond the console's width are cut */
} Table;

/* A piece of a cell's text: one line of it. */
typedef struct Line {
    const char *text;
    size_t len;
    bool cut; /* its last character gives way to an ellipsis */
} Line;
typedef Vec(Line) Lines;

static int width_of(const char *text, size_t len) {
    int width = 0;
    uint32_t c;
    for (size_t i = 0; i < len; width++)
        i += utf8_decode(text + i, len - i, &c);
    return width;
}

/* Bytes of the first `width` characters. */
static size_t bytes_of(const char *text, size_t len, int width) {
    size_t i = 0;
    uint32_t c;
    while (i < len && width-- > 0)
        i += utf8_decode(text + i, len - i, &c);
    return i;
}

static size_t rstripped(const char *text, size_t len) {
    while (len > 0 && isspace((unsigned char)text[len - 1]))
        len--;
    return len;
}

/* rich's words: blanks before the first, text, blanks behind. Gives the end of the one at i. */
static size_t word_end(const char *text, size_t i) {
    while (isspace((unsigned char)text[i]))
        i++;
    while (text[i] && !isspace((unsigned char)text[i]))
        i++;
    while (isspace((unsigned char)text[i]))
        i++;
    return i;
}

/* rich's Text.wrap: words go on the line while they fit. One that fits on no line is folded
 * (console text) or stands alone, to be cut (cells). */
static Lines wrap(Arena *a, const char *text, int width, bool fold) {
    Lines lines = {0};
    size_t begin = 0;
    int used = 0;
    for (size_t i = 0, end; text[i]; i = end) {
        end = word_end(text, i);
        int full = width_of(text + i, end - i);
        int word = width_of(text + i, rstripped(text + i, end - i));
        if (width - used >= word) {
            used += full;
            continue;
        }
        if (i > begin) {
            vec_push(a, &lines, (Line){text + begin, i - begin, false});
            begin = i;
        }
        used = full;
        while (fold && word > width && used > width) {
            size_t chopped = bytes_of(text + begin, end - begin, width);
            vec_push(a, &lines, (Line){text + begin, chopped, false});
            begin += chopped;
            used -= width;
        }
    }
    vec_push(a, &lines, (Line){text + begin, strlen(text + begin), false});
    for (size_t i = 0; i < lines.count; i++) {
        Line *l = &lines.at[i];
        if (!fold || width_of(l->text, l->len) > width)
            l->len = rstripped(l->text, l->len);
        l->cut = width_of(l->text, l->len) > width;
        if (l->cut)
            l->len = bytes_of(l->text, l->len, width - 1);
    }
    return lines;
}

/* --- Widths --- */

/* Keras's widths of columns for a line of `length`, made to fit the frame as rich does: what is too
 * much is taken from all columns in turn, as evenly as whole numbers go. */
static bool set_widths(Table *t, const double *positions, int length) {
    int sum = 0, excess = 3 * t->count + 1;
    for (int i = 0; i < t->count; i++) {
        int width = (int)(positions[i] * length) - sum;
        if (width < 4)
            return false;
        t->columns[i].width = width;
        sum += width;
    }
    excess += sum - length;
    for (int i = 0; i < t->count; i++) {
        int taken = (int)nearbyint((double)excess / (t->count - i)); /* halves to even, as Python */
        int most = t->columns[i].width + 2;
        taken = taken > most ? most : taken;
        t->columns[i].width -= taken;
        excess -= taken;
    }
    return true;
}

static int console_width(const SummaryOptions *o) {
    const char *columns = getenv("COLUMNS");
    int width = o->console_width ? o->console_width : columns ? atoi(columns) : 0;
    return width > 0 ? width : 80;
}

static bool make_columns(Table *t) {
    const SummaryOptions *o = t->summary->options;
    bool linear = t->summary->linear;
    static const double of_linear[] = {.45, .80, 1.}, of_graph[] = {.3, .56, .74, 1.};
    double positions[SUMMARY_COLUMNS_MAX];
    t->columns[t->count++] = (Column){"Layer (type)", ALIGN_LEFT, 0};
    t->columns[t->count++] = (Column){"Output Shape", ALIGN_LEFT, 0};
    t->columns[t->count++] = (Column){"Param #", ALIGN_RIGHT, 0};
    if (!linear)
        t->columns[t->count++] = (Column){"Connected to", ALIGN_LEFT, 0};
    for (int i = 0; i < t->count; i++)
        positions[i] = (linear ? of_linear : of_graph)[i] * (o->show_trainable ? .9 : 1.);
    if (o->show_trainable) {
        positions[t->count] = 1.;
        t->columns[t->count++] = (Column){"Trainable", ALIGN_CENTER, 0};
    }
    t->console = console_width(o);
    int length = (linear ? 88 : 108) + (o->show_trainable ? 12 : 0);
    length = length < t->console - 4 ? length : t->console - 4;
    return set_widths(t, positions, o->line_length ? o->line_length : length);
}

/* --- Drawing --- */

/* One line of the table is collected, then cut to the console. */
typedef struct Row {
    Arena *arena;
    char *text;
} Row;

static void put(Row *row, const char *text) {
    row->text = arena_printf(row->arena, "%s%s", row->text ? row->text : "", text);
}

static void put_repeated(Row *row, const char *text, int n) {
    char *all = arena_alloc(row->arena, (size_t)(n > 0 ? n : 0) * strlen(text) + 1);
    for (int i = 0; i < n; i++)
        strcat(all, text);
    put(row, all);
}

static void end_row(const Table *t, Row *row) {
    size_t len = bytes_of(row->text, strlen(row->text), t->console);
    fprintf(t->summary->out, "%.*s\n", (int)len, row->text);
}

static void put_rule(const Table *t, const char *left, const char *mark, const char *between,
                     const char *right) {
    Row row = {.arena = t->summary->arena};
    for (int i = 0; i < t->count; i++) {
        put(&row, i ? between : left);
        put_repeated(&row, mark, t->columns[i].width + 2);
    }
    put(&row, right);
    end_row(t, &row);
}

static void put_cell(Row *row, const Column *c, const Line *line) {
    int blanks = line ? c->width - width_of(line->text, line->len) - line->cut : c->width;
    int left = c->align == ALIGN_RIGHT ? blanks : c->align == ALIGN_CENTER ? blanks / 2 : 0;
    put_repeated(row, " ", left + 1);
    if (line)
        put(row,
            arena_printf(row->arena, "%.*s%s", (int)line->len, line->text, line->cut ? "…" : ""));
    put_repeated(row, " ", blanks - left + 1);
}

/* Cells begin at the top of their row; those of the header end at its bottom. */
static void put_cells(const Table *t, const char *const *cells, const char *bar, bool header) {
    Lines lines[SUMMARY_COLUMNS_MAX];
    size_t height = 1;
    for (int i = 0; i < t->count; i++) {
        lines[i] = wrap(t->summary->arena, cells[i], t->columns[i].width, false);
        height = lines[i].count > height ? lines[i].count : height;
    }
    for (size_t k = 0; k < height; k++) {
        Row row = {.arena = t->summary->arena};
        for (int i = 0; i < t->count; i++) {
            size_t above = header ? height - lines[i].count : 0;
            bool empty = k < above || k - above >= lines[i].count;
            put(&row, bar);
            put_cell(&row, &t->columns[i], empty ? NULL : &lines[i].at[k - above]);
        }
        put(&row, bar);
        end_row(t, &row);
    }
}

static void put_text(const Table *t, const char *text) {
    Lines lines = wrap(t->summary->arena, text, t->console, true);
    for (size_t i = 0; i < lines.count; i++)
        fprintf(t->summary->out, "%.*s\n", (int)lines.at[i].len, lines.at[i].text);
}

/* --- Contents --- */

static const char *connections(const Summary *s, const Layer *l) {
    Connections from = summary_connections(s, l);
    const char *text = from.count ? from.at[0] : "-";
    for (size_t i = 1; i < from.count; i++)
        text = arena_printf(s->arena, "%s, %s", text, from.at[i]);
    return text;
}

/* Keras joins the axes here, so that one alone has no comma: (None). */
static const char *shape_cell(const Summary *s, Shape shape) {
    char *text = shape_str(s->arena, shape);
    size_t len = strlen(text);
    if (shape.rank == 0 && len > 2)
        memcpy(text + len - 2, ")", 2);
    return text;
}

static void put_layer(const Table *t, const Layer *l) {
    Summary *s = t->summary;
    const char *cells[SUMMARY_COLUMNS_MAX] = {
        arena_printf(s->arena, "%s (%s)", l->name, l->def->class.name),
        l->node ? shape_cell(s, l->node->out->shape) : "?",
        l->built || l->def->built_at_once ? summary_grouped(s->arena, layer_count_params(l))
                                          : "0 (unbuilt)",
    };
    if (!s->linear)
        cells[3] = connections(s, l);
    if (s->options->show_trainable)
        cells[t->count - 1] = l->nweights == 0 ? "-" : l->trainable ? "Y" : "N";
    put_cells(t, cells, "│", false);
}

static void put_total(const Table *t, const char *what, int64_t count, int64_t bytes) {
    static const char *const units[] = {"B", "KB", "MB", "GB", "TB", "PB"};
    double size = (double)bytes;
    size_t unit = 0;
    for (; size >= 1024 && unit + 1 < COUNT_OF(units); unit++)
        size /= 1024;
    Arena *a = t->summary->arena;
    put_text(t, arena_printf(a, " %s: %s (%.2f %s)", what, summary_grouped(a, count), size,
                             units[unit]));
}

bool summary_keras3(Summary *s, const char **error) {
    Table t = {.summary = s};
    if (!make_columns(&t)) {
        *error = "insufficient console width to print summary";
        return false;
    }
    const char *header[SUMMARY_COLUMNS_MAX];
    for (int i = 0; i < t.count; i++)
        header[i] = t.columns[i].header;
    put_text(&t, arena_printf(s->arena, "Model: \"%s\"", s->model->name));
    put_rule(&t, "┏", "━", "┳", "┓");
    put_cells(&t, header, "┃", true);
    put_rule(&t, "┡", "━", "╇", "┩");
    for (size_t i = s->first; i < s->last; i++) {
        if (i > s->first)
            put_rule(&t, "├", "─", "┼", "┤");
        put_layer(&t, s->model->layers.at[i]);
    }
    put_rule(&t, "└", "─", "┴", "┘");
    ParamCount n = model_count_params(s->model);
    int64_t optimizer = s->model->optimizer_params, optimizer_bytes = s->model->optimizer_bytes;
    put_total(&t, "Total params", n.total + optimizer, n.total_bytes + optimizer_bytes);
    put_total(&t, "Trainable params", n.trainable, n.trainable_bytes);
    put_total(&t, "Non-trainable params", n.non_trainable, n.non_trainable_bytes);
    if (optimizer)
        put_total(&t, "Optimizer params", optimizer, optimizer_bytes);
    return true;
}
