/* Static libraries: ar files with an index of symbols, written in one pass. */
#ifndef ARCHIVE_H
#define ARCHIVE_H

#include "elf_object.h"

/* One object of the library: bytes in memory, or (raw) an object around streamed contents. */
typedef struct ArchiveMember {
    const char *name; /* at most 15 characters: "model.o" */
    const void *bytes;
    size_t size;
    const ElfRaw *raw; /* NULL: bytes */
    const char *raw_symbol;
} ArchiveMember;

/* All that stands before member i's own bytes; padding of the member before included. For i == n:
 * the end. False if a member is no object or the library would exceed what its index can address
 * (4 GB). */
typedef struct ArchivePiece {
    const char *bytes;
    size_t size;
} ArchivePiece;
bool archive_layout(Arena *a, const ArchiveMember *members, int n, ArchivePiece *pieces);

/* The object called name ("run.o") in an ar file in memory. False if there is none. */
bool archive_find(const char *archive, size_t size, const char *name, ArchivePiece *object);

#endif
