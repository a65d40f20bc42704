/* Files mapped read-only, windows into them, and cursors that cannot leave a window. All readers of
 * formats/ stand on these: no reader adds an offset from a file to a pointer by itself. */
#ifndef MAPPED_H
#define MAPPED_H

#include "format.h"

/* Bytes of a mapped file, or of memory. */
typedef struct View {
    const unsigned char *at;
    size_t size;
} View;

/* bytes [offset, offset + size) of v; false if they are not all inside. */
bool view_slice(View v, uint64_t offset, uint64_t size, View *out);
bool view_starts_with(View v, const char *text, size_t len);

/* Reads forward through a view. Once a read would pass the end the cursor has failed: nothing is
 * left in it, that read and all after it give zeros, so that a reader may check `failed` once after
 * several fields. */
typedef struct Cursor {
    const unsigned char *at, *end;
    bool failed;
} Cursor;

Cursor cursor_at(View v, uint64_t offset);
size_t cursor_left(const Cursor *c);
uint64_t cursor_uint(Cursor *c, int bytes); /* little-endian, 1 to 8 bytes */
View cursor_take(Cursor *c, uint64_t size);
void cursor_skip(Cursor *c, uint64_t size);
bool cursor_expect(Cursor *c, const char *text, size_t len); /* fails the cursor if it differs */

/* Maps a whole file until files_close; an empty file is an empty view. False after a diagnostic. A
 * file that another process cuts short while it is mapped is beyond what can be checked. */
bool files_map(Files *f, const char *path, View *out, Diag *d);

/* Zeroed memory until files_close, for what cannot stay where it is in the file: inflated or
 * converted data. NULL if there is not that much. */
void *files_alloc(Files *f, uint64_t size);

/* Gives one block of files_alloc back early. */
void files_release(Files *f, void *block);

Arena *files_arena(const Files *f);

#endif
