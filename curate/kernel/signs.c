/* Signs: which checks may find something in a text, asked of every text of a column where it lies,
   for all checks in one pass (curate/content/signs.py). A check is a bit. It may be told of a text
   that it finds nothing in, but never the other way round. */

#include "kernel.h"

#define KEY 4          /* bytes by which a place is passed over: where a literal is rarest */
#define FIRST 0xFFFFFF /* of them those by which it is looked up: no literal is shorter */
#define FILTER_BITS 17
#define BUCKET_BITS 12
#define FACTOR UINT32_C(0xC2B2AE35)
#define LOOK (UINT64_C(1) << 63) /* no check, but that a byte is a digit or LEAD */
#define LEAD 0xE2               /* of characters from U+2000 on ... */
#define EAST 0xBA               /* of which those from U+2E80 on go on with this byte or more */
#define DIGITS 5                /* that a text must hold for four in a row to matter */

typedef struct {
    const uint64_t *of_byte; /* the checks that any text with this byte is a matter of */
    uint64_t of_figure;      /* those that look for numbers of people, ... */
    uint64_t of_eastern;     /* and for characters from where kana and kanji are */
    const uint8_t *filter;   /* a bit for every hash of a key */
    const int32_t *buckets;  /* the literals by the first bytes of their keys */
    const uint8_t *literals; /* one after the other, with their offsets, ... */
    const int64_t *offsets;
    const int64_t *keys; /* the places of their keys, ... */
    const uint64_t *of_literal; /* and their checks */
} signs;

INLINED bool is_digit(uint8_t byte) { return (uint8_t)(byte - '0') < 10; }
INLINED bool is_capital(uint8_t byte) { return (uint8_t)(byte - 'A') < 26; }

typedef struct {
    uint64_t checks;
    int64_t digits;
    bool in_row; /* four of them */
} seen;

INLINED bool are_digits(const uint8_t *bytes, int64_t at, int64_t count) {
    for (int64_t i = 0; i < count; i++)
        if (at - i < 0 || !is_digit(bytes[at - i]))
            return false;
    return true;
}

/* Whether the digit here makes one of `1.1.1`, `+1` and `AB12`. */
static bool is_figure(const uint8_t *bytes, int64_t at) {
    if (at < 1)
        return false;
    if (bytes[at - 1] == '+')
        return true;
    if (at >= 3 && is_digit(bytes[at - 1]))
        return is_capital(bytes[at - 2]) && is_capital(bytes[at - 3]);
    if (bytes[at - 1] != '.')
        return false;
    int64_t before = at - 2;
    while (before >= 0 && is_digit(bytes[before]))
        before--;
    return before < at - 2 && before >= 1 && bytes[before] == '.' && is_digit(bytes[before - 1]);
}

/* A closer look at a digit, or at a byte that may begin a character of the East. */
static void looked(const signs *all, const uint8_t *bytes, int64_t at, int64_t size, seen *of) {
    if (bytes[at] == LEAD) {
        if (at + 1 < size && bytes[at + 1] >= EAST)
            of->checks |= all->of_eastern;
        return;
    }
    of->digits++;
    of->in_row |= are_digits(bytes, at, 4);
    if (is_figure(bytes, at))
        of->checks |= all->of_figure;
}

/* The checks that look for a literal whose key is here; `known` need not be found again. */
static uint64_t literals_at(const signs *all, const uint8_t *bytes, int64_t at, int64_t size,
                            uint32_t key, uint64_t known) {
    uint32_t bucket = (key & FIRST) * FACTOR >> (32 - BUCKET_BITS);
    uint64_t found = 0;
    for (int32_t i = all->buckets[bucket]; i < all->buckets[bucket + 1]; i++) {
        int64_t start = at - all->keys[i], length = all->offsets[i + 1] - all->offsets[i];
        if (all->of_literal[i] & ~known && start >= 0 && length <= size - start &&
            memcmp(bytes + start, all->literals + all->offsets[i], (size_t)length) == 0)
            found |= all->of_literal[i];
    }
    return found;
}

/* Take in what one place of a text says; `key` is made of the bytes there. */
INLINED void at_place(const signs *all, const uint8_t *bytes, int64_t at, int64_t size,
                      uint32_t key, seen *of) {
    uint64_t said = all->of_byte[bytes[at]];
    uint32_t hash = key * FACTOR >> (32 - FILTER_BITS);
    if (all->filter[hash / 8] >> hash % 8 & 1)
        of->checks |= literals_at(all, bytes, at, size, key, of->checks);
    of->checks |= said;
    if (said & LOOK)
        looked(all, bytes, at, size, of);
}

/* The checks that may find something in each text of a column, besides those told already. */
EXPORT void signs_of_all(const column *of, const uint64_t *of_byte, uint64_t of_figure,
                         uint64_t of_eastern, const uint8_t *filter, const int32_t *buckets,
                         const uint8_t *literals, const int64_t *offsets, const int64_t *keys,
                         const uint64_t *of_literal, uint64_t *out) {
    const signs all = {of_byte, of_figure, of_eastern, filter, buckets,
                       literals, offsets, keys, of_literal};
    for (int64_t row = 0; row < of->length; row++) {
        span text = text_of(of, row);
        seen found = {0, 0, false};
        int64_t at = 0;
        uint32_t key;
        for (; at + KEY <= text.size; at++) {
            memcpy(&key, text.start + at, KEY);
            at_place(&all, text.start, at, text.size, key, &found);
        }
        for (; at < text.size; at++) { /* as if zeros followed */
            key = 0;
            memcpy(&key, text.start + at, (size_t)(text.size - at));
            at_place(&all, text.start, at, text.size, key, &found);
        }
        if (found.in_row && found.digits >= DIGITS)
            found.checks |= of_figure;
        out[row] |= found.checks & ~LOOK;
    }
}
