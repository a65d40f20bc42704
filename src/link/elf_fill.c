/* Bytes for a reserved section, behind the linked file:
 *
 *     before:  Ehdr | program headers | text, data | ... | section headers
 *     after:   Ehdr | program headers | text, data | ... | section headers | zeros to a page |
 * bytes
 *
 * Addresses are the linker's own and stay: it has reserved the whole range, so symbols, relocations
 * and everything that reads section headers later (strip, gdb) see an ordinary file. */
#include "elf_fill.h"

#include <elf.h>
#include <string.h>

static bool read_at(FILE *f, uint64_t at, void *to, size_t size) {
    return !fseeko(f, (off_t)at, SEEK_SET) && fread(to, 1, size, f) == size;
}

static bool write_at(FILE *f, uint64_t at, const void *from, size_t size) {
    return !fseeko(f, (off_t)at, SEEK_SET) && fwrite(from, 1, size, f) == size;
}

static bool has_name(FILE *f, uint64_t at, const char *name) {
    char text[64];
    size_t size = strlen(name) + 1;
    return size <= sizeof text && read_at(f, at, text, size) && !memcmp(text, name, size);
}

static bool find_section(FILE *f, const Elf64_Ehdr *h, const char *name, uint64_t *at,
                         Elf64_Shdr *s) {
    Elf64_Shdr names;
    if (!read_at(f, h->e_shoff + h->e_shstrndx * sizeof names, &names, sizeof names))
        return false;
    for (int i = 1; i < h->e_shnum; i++) {
        *at = h->e_shoff + (uint64_t)i * sizeof *s;
        if (!read_at(f, *at, s, sizeof *s))
            return false;
        if (has_name(f, names.sh_offset + s->sh_name, name))
            return true;
    }
    return false;
}

/* The segment that is this section and nothing else. */
static bool find_segment(FILE *f, const Elf64_Ehdr *h, const Elf64_Shdr *s, uint64_t *at,
                         Elf64_Phdr *p) {
    for (int i = 0; i < h->e_phnum; i++) {
        *at = h->e_phoff + (uint64_t)i * sizeof *p;
        if (!read_at(f, *at, p, sizeof *p))
            return false;
        if (p->p_type == PT_LOAD && p->p_vaddr == s->sh_addr && p->p_memsz == s->sh_size)
            return p->p_flags == PF_R;
    }
    return false;
}

/* The first offset behind `end` that can be mapped at the address. */
static uint64_t offset_for(uint64_t end, uint64_t address, uint64_t align) {
    return (end + align - 1) / align * align + address % align;
}

bool elf_fill_find(FILE *f, const char *section, ElfFill *fill) {
    Elf64_Ehdr h;
    Elf64_Shdr s;
    Elf64_Phdr p;
    *fill = (ElfFill){0};
    if (!read_at(f, 0, &h, sizeof h) || !find_section(f, &h, section, &fill->section_header, &s) ||
        s.sh_type != SHT_NOBITS)
        return false;
    uint64_t align = s.sh_addralign;
    if (h.e_type != ET_REL) {
        if (!find_segment(f, &h, &s, &fill->program_header, &p))
            return false;
        align = p.p_align > align ? p.p_align : align;
    }
    if (align == 0 || fseeko(f, 0, SEEK_END))
        return false;
    fill->offset = offset_for((uint64_t)ftello(f), s.sh_addr, align);
    fill->size = s.sh_size;
    return true;
}

bool elf_fill_finish(FILE *f, const ElfFill *fill) {
    Elf64_Shdr s;
    Elf64_Phdr p;
    if (!read_at(f, fill->section_header, &s, sizeof s))
        return false;
    s.sh_type = SHT_PROGBITS;
    s.sh_offset = fill->offset;
    if (!write_at(f, fill->section_header, &s, sizeof s))
        return false;
    if (!fill->program_header)
        return true;
    if (!read_at(f, fill->program_header, &p, sizeof p))
        return false;
    p.p_offset = fill->offset;
    p.p_filesz = fill->size;
    return write_at(f, fill->program_header, &p, sizeof p);
}
