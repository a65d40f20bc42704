/* Paths of files: their parts, and what they lead to. */
#ifndef PATH_H
#define PATH_H

#include "arena.h"

#include <stdbool.h>

/* "out/mnist" -> "out", "mnist" -> "." */
const char *path_folder(Arena *a, const char *path);

/* "out/mnist" -> "mnist"; points into path. */
const char *path_name(const char *path);

/* Do both exist and lead to one file, whatever they are called? */
bool path_is_same_file(const char *a, const char *b);

#endif
