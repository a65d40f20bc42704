/* ELF64 relocatable objects: writing one around raw bytes, and the symbols of an existing one. */
#ifndef ELF_OBJECT_H
#define ELF_OBJECT_H

#include "arena.h"

#include <stdbool.h>
#include <stdint.h>

/* Which machine an object is for, copied from one that LLVM made. */
typedef struct ElfMachine {
    uint16_t machine;
    uint32_t flags;
} ElfMachine;

/* False unless the bytes are a little-endian ELF64 relocatable object. */
bool elf_machine(const void *object, size_t size, ElfMachine *m);

uint16_t elf_host_machine(void); /* this machine's, as in ElfMachine */

/* A read-only section and the hidden global symbol that points to its begin. */
typedef struct ElfRoom {
    const char *section, *symbol;
    uint64_t size;
} ElfRoom;

/* An object with such a section. The file is head, `contents` bytes that the caller streams, tail.
 * elf_raw: with all of the section's bytes; elf_reserve: with none (SHT_NOBITS), elf_fill.h brings
 * them into what was linked. */
typedef struct ElfRaw {
    const char *head, *tail;
    size_t head_size, tail_size;
    uint64_t contents;
} ElfRaw;
ElfRaw elf_raw(Arena *a, ElfMachine m, const ElfRoom *room);
ElfRaw elf_reserve(Arena *a, ElfMachine m, const ElfRoom *room);

enum { ELF_PAGE = 4096 }; /* the contents' alignment, in the file and in memory */

/* Calls `found` for every defined global symbol. False if the object is damaged. */
typedef void ElfFound(void *user, const char *symbol);
bool elf_globals(const void *object, size_t size, ElfFound *found, void *user);

#endif
