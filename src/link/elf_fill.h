/* Linked files whose weights come last: a section that the linker only reserved is given its bytes,
 * which thus are written once however large they are. */
#ifndef ELF_FILL_H
#define ELF_FILL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* What will have to change, and where the bytes go: behind all that is in the file. */
typedef struct ElfFill {
    uint64_t section_header, program_header; /* where in the file; 0: an object has no segments */
    uint64_t offset, size;                   /* of the bytes */
} ElfFill;

/* Finds the reserved section in an executable, a shared library or an object. False if the linker
 * laid it out in another way than this can deal with: not in a read-only segment of its own. */
bool elf_fill_find(FILE *file, const char *section, ElfFill *fill);

/* Makes the headers point at the bytes, which the caller has written at fill->offset. False after
 * an error of the stream (errno). */
bool elf_fill_finish(FILE *file, const ElfFill *fill);

#endif
