/* A reader for zip archives, straight from a mapping: .keras files. Stored members stay where they
 * are; deflated ones are inflated into memory of the Files, within limits. zlib does the inflating;
 * libzip would copy every member through a stream, of which none is needed. */
#ifndef ZIP_H
#define ZIP_H

#include "mapped.h"

typedef struct ZipMember {
    const char *name;
    uint64_t offset; /* of its local header */
    uint64_t stored, size;
    unsigned method, flags;
    uint32_t crc;
} ZipMember;

typedef struct Zip {
    Files *files;
    View bytes;
    uint64_t base; /* what stands before the archive: all its offsets count from there */
    Vec(ZipMember) members;
    uint64_t inflated; /* bytes that members were inflated to so far */
    const char *error; /* after false or NULL: what is wrong, as a clause */
} Zip;

bool zip_open(Zip *z, Files *files, View bytes);

/* The member of that name, at the top or within one leading folder; NULL if there is none. */
const ZipMember *zip_find(const Zip *z, const char *name);

bool zip_read(Zip *z, const ZipMember *m, View *out);

#endif
