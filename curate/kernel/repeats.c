/* Repeats: whether a piece from the middle of a text, or from before its end, comes back in it
   (curate/content/repeats.py). Asked of every text of a column where it lies. */

#include "kernel.h"

INLINED uint64_t first_bytes(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

/* Whether a piece of eight bytes or more stands in a text. */
static bool stands(const uint8_t *piece, int64_t size, const uint8_t *text, int64_t text_size) {
    uint64_t first = first_bytes(piece);
    for (int64_t at = 0; at + size <= text_size; at++)
        if (first_bytes(text + at) == first &&
            memcmp(text + at, piece, (size_t)size) == 0)
            return true;
    return false;
}

/* Whether the piece at the middle comes back behind it, in a text of `least` bytes or more; or in
   one of `enough` the half longer piece that ends half a piece before the last one, before that. */
EXPORT void repeating(const column *of, int64_t piece, int64_t least, int64_t enough,
                      uint8_t *out) {
    for (int64_t row = 0; row < of->length; row++) {
        span text = text_of(of, row);
        if (text.size < least)
            continue;
        const uint8_t *middle = text.start + text.size / 2, *end = text.start + text.size;
        out[row] = stands(middle, piece, middle + 1, end - middle - 1) ||
                   (text.size >= enough &&
                    stands(end - 2 * piece, piece + piece / 2, text.start, text.size - piece));
    }
}
