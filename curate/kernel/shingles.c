/* Shingles: a text as the set of its runs of five tokens (curate/dedup/shingles.py says why). */

#include "kernel.h"

#define TOKENS 5 /* of a shingle */
#define LETTER UINT64_C(0xC2B2AE3D27D4EB4F)
#define SHORT UINT64_C(0xA0761D6478BD642F)
#define ANSWERED UINT64_C(0x8EBC6AF09C88C6E3)
#define FREE UINT64_MAX
#define EACH UINT64_C(0x0101010101010101) /* times a byte: that byte eight times */
#define BEYOND_ASCII (UINT64_C(1) << 63)  /* no eight bytes of ASCII have this bit */
#define IDEOGRAPHIC_SPACE 0x3000

/* The byte here, 0 beyond the end: text that is cut within a character reads no other's bytes. */
INLINED uint32_t byte_at(const uint8_t *data, int64_t at, int64_t end) {
    return at < end ? data[at] & 0x3F : 0;
}

/* The code point of the character that begins here, and how many bytes it takes. */
INLINED uint32_t character(const uint8_t *data, int64_t at, int64_t end, int64_t *width) {
    uint32_t lead = data[at];
    if (lead < 0x80) {
        *width = 1;
        return lead;
    }
    uint32_t second = byte_at(data, at + 1, end);
    if (lead < 0xE0) {
        *width = 2;
        return (lead & 0x1F) << 6 | second;
    }
    uint32_t third = byte_at(data, at + 2, end);
    if (lead < 0xF0) {
        *width = 3;
        return (lead & 0x0F) << 12 | second << 6 | third;
    }
    *width = 4;
    return (lead & 0x07) << 18 | second << 12 | third << 6 | byte_at(data, at + 3, end);
}

/* Whether a character belongs to a script without spaces, and so is a token of its own. */
INLINED bool is_unspaced(uint32_t code) {
    if (code < 0x0E00)
        return false;
    return (0x3001 <= code && code <= 0x9FFF)    /* CJK punctuation, kana, bopomofo, ideographs */
        || (0xFF01 <= code && code <= 0xFFEF)    /* wide forms */
        || code <= 0x0EFF                        /* Thai, Lao */
        || (0x1000 <= code && code <= 0x109F)    /* Burmese */
        || (0x1780 <= code && code <= 0x17FF)    /* Khmer */
        || (0xF900 <= code && code <= 0xFAFF)    /* CJK, compatible forms */
        || (0x20000 <= code && code <= 0x3FFFF); /* CJK beyond the basic plane */
}

/* The number with all but its first bytes set to zero. */
INLINED uint64_t lowest(uint64_t chunk, int64_t count) {
    return count >= 8 ? chunk : chunk & ((UINT64_C(1) << 8 * count) - 1);
}

/* Eight bytes from here as one number, the first one lowest; zeros stand beyond the end. */
INLINED uint64_t eight_bytes(const uint8_t *data, int64_t size, int64_t at, int64_t end) {
    uint64_t chunk = 0;
    if (at + 8 > size) {
        for (int64_t n = 0; n < end - at; n++)
            chunk |= (uint64_t)data[at + n] << 8 * n;
        return chunk;
    }
    memcpy(&chunk, data + at, 8);
    return lowest(chunk, end - at);
}

/* How many bytes from the first on are ASCII beyond the space: 0 to 8. */
INLINED int64_t letters_in(uint64_t chunk) {
    uint64_t others = ((chunk - EACH * (SPACE + 1)) | chunk) & EACH * 0x80;
    if (others == 0)
        return 8;
    return __builtin_ctzll(others) / 8;
}

/* Write the tokens of one text into `out`, as numbers; returns how many there are.
   ASCII, most of the text, goes eight bytes at a time. */
EXPORT int64_t tokenised(const uint8_t *data, int64_t size, int64_t start, int64_t end,
                         uint64_t *out) {
    uint64_t word = 0;
    int64_t made = 0, at = start;
    bool inside = false;
    while (at < end) {
        uint64_t chunk = eight_bytes(data, size, at, end);
        int64_t letters = letters_in(chunk);
        if (letters > 0) {
            word = (word ^ lowest(chunk, letters)) * LETTER;
            inside = true;
            at += letters;
            if (letters == 8 || at == end)
                continue;
        }
        int64_t width;
        uint32_t code = character(data, at, end, &width);
        at += width;
        bool alone = is_unspaced(code);
        if (!alone && code > SPACE && code != IDEOGRAPHIC_SPACE) {
            word = (word ^ (code | BEYOND_ASCII)) * LETTER;
            inside = true;
            continue;
        }
        if (inside) {
            out[made++] = mixed(word);
            word = 0;
            inside = false;
        }
        if (alone)
            out[made++] = mixed(code + LETTER);
    }
    if (inside)
        out[made++] = mixed(word);
    return made;
}

/* Write the shingles of one text into `out`, as they come; returns how many there are.
   `out` has room for one more number than the text has bytes. */
int64_t shingled(const uint8_t *data, int64_t size, int64_t start, int64_t end, uint64_t *out) {
    int64_t tokens = tokenised(data, size, start, end, out);
    if (tokens == 0)
        return 0;
    if (tokens < TOKENS) {
        uint64_t whole = SHORT * (uint64_t)tokens;
        for (int64_t at = 0; at < tokens; at++)
            whole = whole * STEP + out[at];
        out[0] = mixed(whole);
        return 1;
    }
    run_together(out, tokens - TOKENS + 1);
    return tokens - TOKENS + 1;
}

/* How many shingles texts have, each numbered and forgotten: the floor that a benchmark needs. */
EXPORT int64_t numbered(const uint8_t *data, int64_t size, const int64_t *offsets, int64_t texts,
                        uint64_t *room) {
    int64_t count = 0;
    for (int64_t text = 0; text < texts; text++)
        count += shingled(data, size, offsets[text], offsets[text + 1], room);
    return count;
}

/* Sort well spread numbers in place, each kept once; returns how many are left.
   Each goes straight to its place among `slots`, three for each, or next to it: a quarter of the
   time of sorting. FREE itself, one in 2 ** 64, would be left out. */
int64_t in_order(uint64_t *numbers, int64_t count, uint64_t *slots) {
    uint64_t spread = 2 * (uint64_t)count;
    int64_t filled = 0;
    memset(slots, 0xFF, 3 * (size_t)count * sizeof *slots);
    for (int64_t n = 0; n < count; n++) {
        uint64_t number = numbers[n];
        uint64_t *at = slots + ((number >> 32) * spread >> 32);
        while (*at < number)
            at++;
        if (*at == number)
            continue;
        while (number != FREE) { /* the greater ones behind it move on by one */
            uint64_t greater = *at;
            *at++ = number;
            number = greater;
        }
    }
    for (int64_t at = 0; at < 3 * count && filled < count; at++) { /* no branch to be guessed */
        numbers[filled] = slots[at];
        filled += slots[at] != FREE;
    }
    return filled;
}

/* The set of shingles of every text, sorted, end to end in `found`; returns how many in all. */
EXPORT int64_t sets(const uint8_t *data, int64_t size, const int64_t *offsets, int64_t texts,
                    uint64_t *found, uint64_t *slots, int64_t *bounds) {
    int64_t filled = 0;
    bounds[0] = 0;
    for (int64_t text = 0; text < texts; text++) {
        int64_t made = shingled(data, size, offsets[text], offsets[text + 1], found + filled);
        filled += in_order(found + filled, made, slots);
        bounds[text + 1] = filled;
    }
    return filled;
}

/* The same, where a shingle that begins behind ends[text], in the answer, is another than in the
   prompt. */
EXPORT int64_t sets_by_side(const uint8_t *data, int64_t size, const int64_t *offsets,
                            const int64_t *ends, int64_t texts, uint64_t *found, uint64_t *slots,
                            int64_t *bounds) {
    int64_t filled = 0;
    bounds[0] = 0;
    for (int64_t text = 0; text < texts; text++) {
        uint64_t *own = found + filled;
        int64_t asked = tokenised(data, size, offsets[text], ends[text], own);
        int64_t made = shingled(data, size, offsets[text], offsets[text + 1], own);
        for (int64_t at = asked; at < made; at++)
            own[at] = mixed(own[at] + ANSWERED);
        filled += in_order(own, made, slots);
        bounds[text + 1] = filled;
    }
    return filled;
}

/* How many shingles two sorted sets have in common. */
int64_t in_common(const uint64_t *a, const uint64_t *a_end, const uint64_t *b,
                  const uint64_t *b_end) {
    int64_t count = 0;
    while (a < a_end && b < b_end) {
        uint64_t left = *a, right = *b;
        count += left == right;
        a += left <= right;
        b += right <= left;
    }
    return count;
}

/* The same of two sets that lie end to end with others. */
EXPORT int64_t shared(const uint64_t *numbers, const int64_t *bounds, int64_t one, int64_t other) {
    return in_common(numbers + bounds[one], numbers + bounds[one + 1], numbers + bounds[other],
                     numbers + bounds[other + 1]);
}
