/* Runs: floats that lie side by side, taken a few vectors at a time. */
#ifndef RUN_H
#define RUN_H

#include "emit.h"

/* `vectors` vectors of `lanes` floats from number `index` of the run on. Only `count` lanes of the
 * last one exist. */
typedef struct Piece {
    LLVMValueRef index;
    int vectors, lanes, count;
} Piece;

typedef void PieceBody(Emit *e, const Piece *p, void *user);

/* Calls body for code that covers a run of constant length: a loop over pieces of `most` vectors,
 * then one for what is left. */
void emit_run(Emit *e, int64_t length, int most, PieceBody *body, void *user);

/* The same with `most` carried vectors, which body updates and which keep their full width, so a
 * short last piece has all lanes too. */
typedef void FoldBody(Emit *e, const Piece *p, LLVMValueRef *carried, void *user);
void emit_run_fold(Emit *e, int64_t length, int most, LLVMValueRef *carried, FoldBody *body,
                   void *user);

/* What is left alone: the last length % (most * vector) floats, where the caller has the loop. */
void emit_run_rest(Emit *e, int64_t length, int most, PieceBody *body, void *user);

enum { PIECE_VECTORS_MAX = 8 };

/* Vector v of the piece, from or to the run that begins at base. Lanes that do not exist are read
 * as 0, or as `filler`. */
LLVMValueRef emit_piece_load(Emit *e, const Piece *p, int v, LLVMValueRef base);
LLVMValueRef emit_piece_load_filled(Emit *e, const Piece *p, int v, LLVMValueRef base,
                                    double filler);
void emit_piece_store(Emit *e, const Piece *p, int v, LLVMValueRef value, LLVMValueRef base);

#endif
