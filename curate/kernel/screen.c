/* Screen: what bytes a text holds, asked of every text of a column where it lies
   (curate/content/screen.py). A text is a view of Arrow's: its length, then its bytes, or where they
   are. */

#include "kernel.h"

#define WIDE 1    /* a byte of a character beyond ASCII */
#define CONTROL 2 /* a control character of ASCII but for tab and line feed */
#define WITHIN 12 /* bytes that a view itself has room for */

struct view {
    int32_t length;
    union {
        uint8_t within[WITHIN];
        struct {
            uint8_t begins[4];
            int32_t buffer, offset;
        } at;
    } bytes;
};

/* The kinds of bytes in a text; without branches, so that many are looked at in one step. */
INLINED uint8_t kinds(const uint8_t *bytes, int32_t length) {
    uint8_t high = 0, control = 0;
    for (int32_t at = 0; at < length; at++) {
        uint8_t byte = bytes[at];
        high |= byte;
        control |= (uint8_t)((byte < SPACE) & (byte != '\t') & (byte != '\n')) | (byte == 0x7F);
    }
    return (uint8_t)((high >> 7) * WIDE | control * CONTROL);
}

/* The kinds of bytes in each text of a column; none where there is no text. */
EXPORT void screened(int64_t count, int64_t first, const uint8_t *valid, const struct view *views,
                     const uint8_t *const *buffers, uint8_t *out) {
    for (int64_t row = 0; row < count; row++) {
        int64_t at = first + row;
        if (valid != NULL && !(valid[at / 8] >> at % 8 & 1)) {
            out[row] = 0;
            continue;
        }
        const struct view *view = views + at;
        const uint8_t *bytes = view->bytes.within;
        if (view->length > WITHIN)
            bytes = buffers[view->bytes.at.buffer] + view->bytes.at.offset;
        out[row] = kinds(bytes, view->length);
    }
}
