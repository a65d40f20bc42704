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

/* An object with one read-only section of raw bytes, to which a hidden global symbol points. The
 * file is head, `contents` bytes that the caller streams, tail. */
typedef struct ElfRaw {
    const char *head, *tail;
    size_t head_size, tail_size;
    uint64_t contents;
} ElfRaw;
ElfRaw elf_raw(Arena *a, ElfMachine m, const char *section, const char *symbol, uint64_t contents);

enum { ELF_PAGE = 4096 }; /* the contents' alignment, in the file and in memory */

/* Calls `found` for every defined global symbol. False if the object is damaged. */
typedef void ElfFound(void *user, const char *symbol);
bool elf_globals(const void *object, size_t size, ElfFound *found, void *user);

#endif
