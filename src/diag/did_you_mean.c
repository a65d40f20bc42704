/* Did you mean: the nearest name by edit distance, letters' case counting half an edit. */
#include "diag.h"

#include <ctype.h>
#include <string.h>

enum { LONGEST = 64 }; /* no name of Keras is longer */

static int smaller(int a, int b) {
    return a < b ? a : b;
}

static int letter(char c) {
    return tolower((unsigned char)c);
}

/* Optimal string alignment (insert, delete, replace, swap neighbours: 2 each; change of case: 1).
 */
static int distance(const char *a, const char *b) {
    size_t n = strlen(a), m = strlen(b);
    int row[3][LONGEST + 1];
    for (size_t j = 0; j <= m; j++)
        row[0][j] = 2 * (int)j;
    for (size_t i = 1; i <= n; i++) {
        int *now = row[i % 3], *before = row[(i + 2) % 3], *two_before = row[(i + 1) % 3];
        now[0] = 2 * (int)i;
        for (size_t j = 1; j <= m; j++) {
            int change = a[i - 1] == b[j - 1] ? 0 : letter(a[i - 1]) == letter(b[j - 1]) ? 1 : 2;
            now[j] = smaller(before[j - 1] + change, smaller(before[j], now[j - 1]) + 2);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = smaller(now[j], two_before[j - 2] + 2);
        }
    }
    return row[n % 3][m];
}

const char *diag_did_you_mean(const char *word, const char *const *names, size_t count) {
    size_t len = strlen(word);
    if (len == 0 || len > LONGEST)
        return NULL;
    const char *best = NULL;
    int best_distance = 0;
    for (size_t i = 0; i < count; i++) {
        if (!names[i] || strlen(names[i]) > LONGEST || strcmp(word, names[i]) == 0)
            continue;
        int d = distance(word, names[i]);
        if (!best || d < best_distance) {
            best = names[i];
            best_distance = d;
        }
    }
    /* Up to a third of the letters may be wrong, at least one. */
    int allowed = smaller(6, 2 * (len < 3 ? 1 : (int)(len + 2) / 3));
    return best && best_distance <= allowed && best_distance < 2 * (int)len ? best : NULL;
}
