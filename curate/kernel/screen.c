/* Screen: what bytes a text holds, asked of every text of a column where it lies
   (curate/content/screen.py). A text is a view of Arrow's: its length, then its bytes, or where they
   are. */

#include "kernel.h"

#define WIDE 1    /* a byte of a character beyond ASCII */
#define CONTROL 2 /* a control character of ASCII but for tab and line feed */
#define WITHIN 12 /* bytes that a view itself has room for */
#define WORDS 4   /* looked at in one step */
#define HIGH UINT64_C(0x8080808080808080) /* what no byte of ASCII has */

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

/* Whether none of the next bytes is beyond ASCII. */
INLINED bool plain(const uint8_t *bytes) {
    uint64_t words[WORDS];
    memcpy(words, bytes, sizeof words);
    return !((words[0] | words[1] | words[2] | words[3]) & HIGH);
}

/* Whether a text holds one of the chosen characters, all of them beyond ASCII. */
static bool holds(const uint8_t *bytes, int32_t length, const uint8_t *chosen) {
    const int32_t step = WORDS * (int32_t)sizeof(uint64_t);
    for (int32_t at = 0; at < length;) {
        while (at + step <= length && plain(bytes + at))
            at += step;
        while (at < length && bytes[at] < 0x80)
            at++;
        if (at == length)
            break;
        uint32_t code = bytes[at++];
        int32_t more = 1 + (code >= 0xE0) + (code >= 0xF0);
        code &= 0x3FU >> more;
        for (; more && at < length; more--)
            code = code << 6 | (bytes[at++] & 0x3F);
        if (chosen[code])
            return true;
    }
    return false;
}

/* Where the bytes of a text are. */
INLINED const uint8_t *bytes_of(const struct view *view, const uint8_t *const *buffers) {
    if (view->length <= WITHIN)
        return view->bytes.within;
    return buffers[view->bytes.at.buffer] + view->bytes.at.offset;
}

/* The kinds of bytes in each text of a column. */
EXPORT void kinds_of_all(int64_t count, const struct view *views, const uint8_t *const *buffers,
                         uint8_t *out) {
    for (int64_t row = 0; row < count; row++)
        out[row] = kinds(bytes_of(views + row, buffers), views[row].length);
}

/* Whether each text of a column holds one of the characters that are true in `chosen`. */
EXPORT void holding(int64_t count, const struct view *views, const uint8_t *const *buffers,
                    const uint8_t *chosen, uint8_t *out) {
    for (int64_t row = 0; row < count; row++)
        out[row] = holds(bytes_of(views + row, buffers), views[row].length, chosen);
}
