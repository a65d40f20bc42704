/* Objects around raw bytes, and libraries of them: read back by our own reader and by the system's
 * tools. */
#include "link/archive.h"
#include "link/elf_fill.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static ElfMachine host(void) {
    return (ElfMachine){elf_host_machine(), 0};
}

/* The whole object in memory, its contents 0, 1, 2, ... */
static char *object(Arena *a, const char *symbol, size_t contents, size_t *size) {
    ElfRaw raw = elf_raw(a, host(), &(ElfRoom){".rodata.km_weights", symbol, contents});
    *size = raw.head_size + contents + raw.tail_size;
    char *bytes = arena_alloc(a, *size);
    memcpy(bytes, raw.head, raw.head_size);
    for (size_t i = 0; i < contents; i++)
        bytes[raw.head_size + i] = (char)i;
    memcpy(bytes + raw.head_size + contents, raw.tail, raw.tail_size);
    return bytes;
}

static void remember(void *user, const char *symbol) {
    *(const char **)user = symbol;
}

Test(elf, its_symbol_is_found_again) {
    Arena *a = arena_new();
    static const size_t sizes[] = {0, 1, 8, 4095, 4096, 10001};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        size_t size;
        const char *found = NULL;
        char *bytes = object(a, "net_weights", sizes[i], &size);
        ElfMachine m;
        cr_assert(elf_machine(bytes, size, &m));
        cr_assert(elf_globals(bytes, size, remember, &found));
        cr_assert_str_eq(found, "net_weights");
    }
    arena_free(a);
}

Test(elf, damage_is_noticed) {
    Arena *a = arena_new();
    size_t size;
    const char *found = NULL;
    char *bytes = object(a, "net_weights", 100, &size);
    ElfMachine m;
    cr_assert_not(elf_machine(bytes, 10, &m));
    cr_assert_not(elf_globals(bytes, size / 2, remember, &found));
    for (size_t cut = 0; cut < size; cut++) { /* its own block, so that reading beyond it shows */
        char *copy = malloc(cut + 1);
        memcpy(copy, bytes, cut);
        cr_assert_not(elf_globals(copy, cut, remember, &found), "%zu bytes", cut);
        free(copy);
    }
    arena_free(a);
}

static void write_file(const char *path, const void *bytes, size_t size) {
    FILE *f = fopen(path, "wb");
    fwrite(bytes, 1, size, f);
    fclose(f);
}

static const char user[] = "extern const unsigned char net_weights[];\n"
                           "int main(void) {\n"
                           "    if ((unsigned long)net_weights % 4096) return 1;\n"
                           "    for (int i = 0; i < 10001; i++)\n"
                           "        if (net_weights[i] != (unsigned char)i) return 2;\n"
                           "    return 0;\n"
                           "}\n";

/* Compiles `user` with this file and runs it. */
static void expect_links(const char *folder, const char *file) {
    char command[512];
    snprintf(command, sizeof command, "cd %s && cc user.c %s -o user && ./user", folder, file);
    cr_assert_eq(system(command), 0, "%s", command);
    snprintf(command, sizeof command, "rm -r %s", folder);
    cr_assert_eq(system(command), 0);
}

static void make_folder(char *folder) {
    char path[64];
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/user.c", folder);
    write_file(path, user, strlen(user));
}

Test(elf, the_systems_linker_takes_it) {
    Arena *a = arena_new();
    char folder[] = "/tmp/kmodel-elf-XXXXXX", path[64];
    make_folder(folder);
    size_t size;
    char *bytes = object(a, "net_weights", 10001, &size);
    snprintf(path, sizeof path, "%s/weights.o", folder);
    write_file(path, bytes, size);
    expect_links(folder, "weights.o");
    arena_free(a);
}

/* An object that reserves 10001 bytes. */
static char *reserving(Arena *a, size_t *size) {
    ElfRaw raw = elf_reserve(a, host(), &(ElfRoom){".km_weights", "net_weights", 10001});
    *size = raw.head_size + raw.tail_size;
    char *bytes = arena_alloc(a, *size);
    memcpy(bytes, raw.head, raw.head_size);
    memcpy(bytes + raw.head_size, raw.tail, raw.tail_size);
    return bytes;
}

Test(fill, reserved_room_gets_its_bytes) {
    Arena *a = arena_new();
    char folder[] = "/tmp/kmodel-elf-XXXXXX", path[64];
    make_folder(folder);
    size_t size;
    char *bytes = reserving(a, &size);
    snprintf(path, sizeof path, "%s/weights.o", folder);
    write_file(path, bytes, size);
    ElfFill fill;
    FILE *f = fopen(path, "r+b");
    cr_assert_not(elf_fill_find(f, ".rodata", &fill));
    cr_assert(elf_fill_find(f, ".km_weights", &fill));
    cr_assert(fill.offset >= size && fill.offset % ELF_PAGE == 0 && fill.size == 10001);
    fseek(f, (long)fill.offset, SEEK_SET);
    for (int i = 0; i < 10001; i++)
        putc((char)i, f);
    cr_assert(elf_fill_finish(f, &fill));
    cr_assert_not(elf_fill_find(f, ".km_weights", &fill)); /* it is full */
    fclose(f);
    expect_links(folder, "weights.o");
    arena_free(a);
}

Test(fill, damage_is_noticed) {
    Arena *a = arena_new();
    size_t size;
    char *bytes = reserving(a, &size);
    ElfFill fill;
    for (size_t cut = 1; cut < size; cut++) {
        FILE *f = fmemopen(bytes, cut, "rb");
        cr_assert_not(elf_fill_find(f, ".km_weights", &fill), "%zu bytes", cut);
        fclose(f);
    }
    arena_free(a);
}

Test(archive, the_systems_linker_takes_it) {
    Arena *a = arena_new();
    char folder[] = "/tmp/kmodel-elf-XXXXXX", path[64];
    make_folder(folder);
    size_t other_size;
    char *other = object(a, "other", 33, &other_size); /* odd sizes, so that padding is needed */
    ElfRaw raw = elf_raw(a, host(), &(ElfRoom){".rodata.km_weights", "net_weights", 10001});
    const ArchiveMember members[] = {
        {.name = "other.o", .bytes = other, .size = other_size},
        {.name = "weights.o", .raw = &raw, .raw_symbol = "net_weights"},
    };
    ArchivePiece pieces[3];
    cr_assert(archive_layout(a, members, 2, pieces));

    char *whole = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&whole, &size);
    fwrite(pieces[0].bytes, 1, pieces[0].size, out);
    fwrite(other, 1, other_size, out);
    fwrite(pieces[1].bytes, 1, pieces[1].size, out);
    fwrite(raw.head, 1, raw.head_size, out);
    for (int i = 0; i < 10001; i++)
        putc((char)i, out);
    fwrite(raw.tail, 1, raw.tail_size, out);
    fwrite(pieces[2].bytes, 1, pieces[2].size, out);
    fclose(out);

    ArchivePiece found;
    cr_assert(archive_find(whole, size, "other.o", &found));
    cr_assert_eq(found.size, other_size);
    cr_assert_eq(memcmp(found.bytes, other, other_size), 0);
    cr_assert(archive_find(whole, size, "weights.o", &found));
    cr_assert_not(archive_find(whole, size, "third.o", &found));
    cr_assert_not(archive_find(whole, size / 2, "weights.o", &found));

    snprintf(path, sizeof path, "%s/libnet.a", folder);
    write_file(path, whole, size);
    free(whole);
    expect_links(folder, "libnet.a");
    arena_free(a);
}
