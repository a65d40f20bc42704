/* From the packer to a file, piece by piece. */
#include "weights_stream.h"
#include "workdir.h"

#include <errno.h>
#include <string.h>

typedef struct Stream {
    FILE *out;
    uint64_t id;
    bool wants_id;
} Stream;

/* FNV-1a over words of eight bytes: fast enough for gigabytes, and nobody attacks it. */
static uint64_t mix(uint64_t id, const char *bytes, size_t size) {
    uint64_t word;
    size_t i = 0;
    for (; i + sizeof word <= size; i += sizeof word) {
        memcpy(&word, bytes + i, sizeof word);
        id = (id ^ word) * UINT64_C(0x100000001b3);
    }
    for (; i < size; i++)
        id = (id ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
    return id;
}

static bool write_piece(void *user, const void *bytes, size_t size) {
    Stream *s = user;
    if (workdir_interrupted()) { /* gigabytes take seconds */
        errno = EINTR;
        return false;
    }
    if (s->wants_id)
        s->id = mix(s->id, bytes, size);
    return fwrite(bytes, 1, size, s->out) == size;
}

bool weights_stream(const Plan *p, FILE *out, uint64_t *id) {
    Stream s = {out, UINT64_C(0xcbf29ce484222325), id != NULL};
    bool ok = plan_pack_weights(p, write_piece, &s);
    if (id)
        *id = s.id;
    return ok && !ferror(out);
}
