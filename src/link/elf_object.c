/* An object that carries raw bytes, or only reserves room for them:
 *
 *     Ehdr | zeros to a page | the contents | symbols | names | section headers
 *     '---------- head -----'                '------------- tail ------------'
 */
#include "elf_object.h"

#include <elf.h>
#include <string.h>

enum { SECTION_RAW = 1, SECTION_STACK, SECTION_SYMBOLS, SECTION_NAMES, NSECTIONS };
enum { NSYMBOLS = 2 }; /* the empty one and ours */

typedef struct Tail {
    Elf64_Sym symbols[NSYMBOLS];
    Elf64_Shdr sections[NSECTIONS];
} Tail;

bool elf_machine(const void *object, size_t size, ElfMachine *m) {
    Elf64_Ehdr h;
    if (size < sizeof h)
        return false;
    memcpy(&h, object, sizeof h);
    *m = (ElfMachine){h.e_machine, h.e_flags};
    return !memcmp(h.e_ident, ELFMAG, SELFMAG) && h.e_ident[EI_CLASS] == ELFCLASS64 &&
           h.e_ident[EI_DATA] == ELFDATA2LSB && h.e_type == ET_REL;
}

uint16_t elf_host_machine(void) {
#if defined __x86_64__
    return EM_X86_64;
#elif defined __aarch64__
    return EM_AARCH64;
#else
    return EM_NONE;
#endif
}

/* Names one after another, each ended by NUL; the first is empty. */
typedef struct Names {
    char *text;
    size_t size;
} Names;

static uint32_t add_name(Names *n, const char *name) {
    uint32_t at = (uint32_t)n->size;
    size_t len = strlen(name) + 1;
    memcpy(n->text + at, name, len);
    n->size += len;
    return at;
}

static uint64_t align8(uint64_t n) {
    return (n + 7) / 8 * 8;
}

static void fill_tail(Tail *t, Names *names, const ElfRoom *room, uint64_t in_file) {
    uint64_t symbols = ELF_PAGE + align8(in_file);
    t->symbols[1] = (Elf64_Sym){
        .st_name = add_name(names, room->symbol),
        .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT),
        .st_other = STV_HIDDEN,
        .st_shndx = SECTION_RAW,
        .st_size = room->size,
    };
    t->sections[SECTION_RAW] = (Elf64_Shdr){
        .sh_name = add_name(names, room->section),
        .sh_type = in_file == room->size ? SHT_PROGBITS : SHT_NOBITS,
        .sh_flags = SHF_ALLOC,
        .sh_offset = ELF_PAGE,
        .sh_size = room->size,
        .sh_addralign = ELF_PAGE,
    };
    t->sections[SECTION_STACK] = (Elf64_Shdr){
        .sh_name = add_name(names, ".note.GNU-stack"), /* no executable stack for our sake */
        .sh_type = SHT_PROGBITS,
        .sh_offset = symbols,
        .sh_addralign = 1,
    };
    t->sections[SECTION_SYMBOLS] = (Elf64_Shdr){
        .sh_name = add_name(names, ".symtab"),
        .sh_type = SHT_SYMTAB,
        .sh_offset = symbols,
        .sh_size = sizeof t->symbols,
        .sh_link = SECTION_NAMES,
        .sh_info = 1, /* the first global symbol */
        .sh_addralign = 8,
        .sh_entsize = sizeof *t->symbols,
    };
    t->sections[SECTION_NAMES] = (Elf64_Shdr){
        .sh_name = add_name(names, ".strtab"),
        .sh_type = SHT_STRTAB,
        .sh_offset = symbols + sizeof t->symbols,
        .sh_size = names->size,
        .sh_addralign = 1,
    };
}

static char *make_head(Arena *a, ElfMachine m, uint64_t section_headers) {
    Elf64_Ehdr h = {
        .e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
        .e_type = ET_REL,
        .e_machine = m.machine,
        .e_version = EV_CURRENT,
        .e_shoff = section_headers,
        .e_flags = m.flags,
        .e_ehsize = sizeof h,
        .e_shentsize = sizeof(Elf64_Shdr),
        .e_shnum = NSECTIONS,
        .e_shstrndx = SECTION_NAMES,
    };
    char *head = arena_alloc(a, ELF_PAGE);
    memcpy(head, &h, sizeof h);
    return head;
}

static ElfRaw make_object(Arena *a, ElfMachine m, const ElfRoom *room, uint64_t in_file) {
    Tail t = {0};
    Names names = {arena_alloc(a, strlen(room->section) + strlen(room->symbol) + 64), 1};
    fill_tail(&t, &names, room, in_file);
    uint64_t headers = align8(t.sections[SECTION_NAMES].sh_offset + names.size);
    size_t skip = align8(in_file) - in_file;
    size_t size = headers + sizeof t.sections - ELF_PAGE - in_file;
    char *tail = arena_alloc(a, size);
    memcpy(tail + skip, t.symbols, sizeof t.symbols);
    memcpy(tail + skip + sizeof t.symbols, names.text, names.size);
    memcpy(tail + size - sizeof t.sections, t.sections, sizeof t.sections);
    return (ElfRaw){make_head(a, m, headers), tail, ELF_PAGE, size, in_file};
}

ElfRaw elf_raw(Arena *a, ElfMachine m, const ElfRoom *room) {
    return make_object(a, m, room, room->size);
}

ElfRaw elf_reserve(Arena *a, ElfMachine m, const ElfRoom *room) {
    return make_object(a, m, room, 0);
}

/* object[offset, offset + size) or NULL if that is not in it. */
static const char *part(const char *object, size_t all, uint64_t offset, uint64_t size) {
    return offset <= all && size <= all - offset ? object + offset : NULL;
}

static bool read_symbols(const char *object, size_t size, const Elf64_Shdr *table,
                         const Elf64_Shdr *names, ElfFound *found, void *user) {
    const char *at = part(object, size, table->sh_offset, table->sh_size);
    const char *text = part(object, size, names->sh_offset, names->sh_size);
    if (!at || !text || names->sh_size == 0 || text[names->sh_size - 1])
        return false;
    for (uint64_t i = 0; i < table->sh_size / sizeof(Elf64_Sym); i++) {
        Elf64_Sym s;
        memcpy(&s, at + i * sizeof s, sizeof s);
        if (s.st_name >= names->sh_size)
            return false;
        if (ELF64_ST_BIND(s.st_info) == STB_GLOBAL && s.st_shndx != SHN_UNDEF)
            found(user, text + s.st_name);
    }
    return true;
}

bool elf_globals(const void *object, size_t size, ElfFound *found, void *user) {
    ElfMachine m;
    Elf64_Ehdr h;
    if (!elf_machine(object, size, &m))
        return false;
    memcpy(&h, object, sizeof h);
    const char *headers = part(object, size, h.e_shoff, h.e_shnum * sizeof(Elf64_Shdr));
    for (int i = 0; headers && i < h.e_shnum; i++) {
        Elf64_Shdr table, names;
        memcpy(&table, headers + (size_t)i * sizeof table, sizeof table);
        if (table.sh_type != SHT_SYMTAB)
            continue;
        if (table.sh_link >= h.e_shnum)
            return false;
        memcpy(&names, headers + table.sh_link * sizeof names, sizeof names);
        if (!read_symbols(object, size, &table, &names, found, user))
            return false;
    }
    return headers != NULL;
}
