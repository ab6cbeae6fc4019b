/* Screen: what bytes a text holds, asked of every text of a column where it lies
   (curate/content/screen.py). */

#include "kernel.h"

#define WIDE 1    /* a byte of a character beyond ASCII */
#define CONTROL 2 /* a control character of ASCII but for tab and line feed */
#define WORDS 4   /* looked at in one step */
#define HIGH UINT64_C(0x8080808080808080) /* what no byte of ASCII has */

/* The kinds of bytes in a text; without branches, so that many are looked at in one step. */
INLINED uint8_t kinds(const uint8_t *bytes, int64_t length) {
    uint8_t high = 0, control = 0;
    for (int64_t at = 0; at < length; at++) {
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
static bool holds(const uint8_t *bytes, int64_t length, const uint8_t *chosen) {
    const int64_t step = WORDS * (int64_t)sizeof(uint64_t);
    for (int64_t at = 0; at < length;) {
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

/* The kinds of bytes in each text of a column; none of a text that is not there. */
EXPORT void kinds_of_all(const column *of, uint8_t *out) {
    for (int64_t row = 0; row < of->length; row++) {
        span text = text_of(of, row);
        out[row] = kinds(text.start, text.size);
    }
}

/* Whether each text of a column holds one of the characters that are true in `chosen`. */
EXPORT void holding(const column *of, const uint8_t *chosen, uint8_t *out) {
    for (int64_t row = 0; row < of->length; row++) {
        span text = text_of(of, row);
        out[row] = holds(text.start, text.size, chosen);
    }
}

/* Where the first text of a column lies, and into `size` how long it is. */
EXPORT const uint8_t *first_text(const column *of, int64_t *size) {
    span text = text_of(of, 0);
    *size = text.size;
    return text.start;
}
