/* What the kernels share. Texts are UTF-8 bytes end to end: text number i stands at
   offsets[i]:offsets[i + 1] of `data`, which holds `size` bytes; or polars lends them. Room to write
   to is given by the caller, so nothing here allocates, nothing here fails, and no lock of Python's
   is needed. Integers but for similarities, so every machine finds the same. */

#ifndef CURATE_KERNEL_H
#define CURATE_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if !defined(__BYTE_ORDER__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "bytes are looked at eight at a time, and the first of them must be the lowest"
#endif

#define EXPORT __attribute__((visibility("default")))
#define INLINED static inline __attribute__((always_inline))

/* Odd 64-bit constants with well spread bits. */
#define STEP UINT64_C(0x9E3779B97F4A7C15)
#define SPREAD UINT64_C(0xD6E8FEB86659FD93)
#define SPACE 0x20

/* A byte, or its highest bit, eight times: eight bytes are looked at as one number. */
#define EACH UINT64_C(0x0101010101010101)
#define HIGH (EACH * 0x80)

/* Spread every bit over all bits. */
INLINED uint64_t mixed(uint64_t number) {
    number ^= number >> 32;
    number *= SPREAD;
    number ^= number >> 32;
    number *= SPREAD;
    return number ^ number >> 32;
}

INLINED int64_t at_least(int64_t one, int64_t other) { return one > other ? one : other; }
INLINED int64_t at_most(int64_t one, int64_t other) { return one < other ? one : other; }

/* A column of texts that polars lends: ArrowArray of the Arrow C data interface, as views. */
typedef struct {
    int64_t length, null_count, offset, n_buffers, n_children;
    const uint8_t **buffers; /* which are there, views, and the bytes of longer texts */
    void *children, *dictionary, *release, *private_data;
} column;

typedef struct {
    const uint8_t *start;
    int64_t size;
} span;

/* One text of a column; null is empty, and so is any text where there is no column. */
INLINED span text_of(const column *of, int64_t row) {
    if (of == NULL)
        return (span){NULL, 0};
    row += of->offset;
    const uint8_t *there = of->buffers[0], *view = of->buffers[1] + 16 * row;
    if (there != NULL && (there[row / 8] >> row % 8 & 1) == 0)
        return (span){NULL, 0};
    int32_t told[4]; /* size, four letters, number of a buffer, place in it */
    memcpy(told, view, sizeof told);
    return (span){told[0] <= 12 ? view + 4 : of->buffers[2 + told[2]] + told[3], told[0]};
}

/* shingles.c */
int64_t shingled(const uint8_t *data, int64_t size, int64_t start, int64_t end, uint64_t *out);
int64_t in_order(uint64_t *numbers, int64_t count, uint64_t *slots);
int64_t shared(const uint64_t *numbers, const int64_t *bounds, int64_t one, int64_t other);
int64_t in_common(const uint64_t *a, const uint64_t *a_end, const uint64_t *b,
                  const uint64_t *b_end);

/* vectors.c */
void run_together(uint64_t *tokens, int64_t runs);
void least_values(const uint64_t *shingles, int64_t count, const uint32_t *factor,
                  const uint32_t *summand, uint32_t *least, int64_t permutations);

#endif
