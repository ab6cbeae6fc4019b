/* Ids: BLAKE2b (RFC 7693; no key, a digest of 16 bytes) of conversations in their canonical form,
   which curate/record.py describes: JSON without a space, escaped only where JSON requires it. */

#include "kernel.h"

#define BLOCK 128
#define DIGEST 16
#define PUT(out, text) put(out, text, sizeof(text) - 1)

static const uint64_t START[8] = {
    UINT64_C(0x6A09E667F3BCC908), UINT64_C(0xBB67AE8584CAA73B), UINT64_C(0x3C6EF372FE94F82B),
    UINT64_C(0xA54FF53A5F1D36F1), UINT64_C(0x510E527FADE682D1), UINT64_C(0x9B05688C2B3E6C1F),
    UINT64_C(0x1F83D9ABFB41BD6B), UINT64_C(0x5BE0CD19137E2179),
};

INLINED uint64_t turned(uint64_t word, int by) { return word >> by | word << (64 - by); }

INLINED void mix(uint64_t *v, int a, int b, int c, int d, uint64_t one, uint64_t other) {
    v[a] += v[b] + one;
    v[d] = turned(v[d] ^ v[a], 32);
    v[c] += v[d];
    v[b] = turned(v[b] ^ v[c], 24);
    v[a] += v[b] + other;
    v[d] = turned(v[d] ^ v[a], 16);
    v[c] += v[d];
    v[b] = turned(v[b] ^ v[c], 63);
}

/* One round; the order of the words is spelled out so that no table is looked up. */
#define ROUND(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)                                     \
    mix(v, 0, 4, 8, 12, words[a], words[b]);                                                      \
    mix(v, 1, 5, 9, 13, words[c], words[d]);                                                      \
    mix(v, 2, 6, 10, 14, words[e], words[f]);                                                     \
    mix(v, 3, 7, 11, 15, words[g], words[h]);                                                     \
    mix(v, 0, 5, 10, 15, words[i], words[j]);                                                     \
    mix(v, 1, 6, 11, 12, words[k], words[l]);                                                     \
    mix(v, 2, 7, 8, 13, words[m], words[n]);                                                      \
    mix(v, 3, 4, 9, 14, words[o], words[p])

/* Take one block into the state; `counted` are the bytes so far, this block's included. */
static void compressed(uint64_t *state, const uint8_t *block, int64_t counted, bool last) {
    uint64_t words[16], v[16];
    memcpy(words, block, BLOCK);
    memcpy(v, state, 8 * sizeof *v);
    memcpy(v + 8, START, 8 * sizeof *v);
    v[12] ^= (uint64_t)counted;
    v[14] = last ? ~v[14] : v[14];
    ROUND(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    ROUND(14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3);
    ROUND(11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4);
    ROUND(7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8);
    ROUND(9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13);
    ROUND(2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9);
    ROUND(12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11);
    ROUND(13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10);
    ROUND(6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5);
    ROUND(10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0);
    ROUND(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    ROUND(14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3);
    for (int word = 0; word < 8; word++)
        state[word] ^= v[word] ^ v[word + 8];
}

/* Take whole blocks in, from `at` on, as long as more bytes follow them. */
static int64_t taken(uint64_t *state, const uint8_t *text, int64_t at, int64_t size) {
    for (; size - at > BLOCK; at += BLOCK)
        compressed(state, text + at, at + BLOCK, false);
    return at;
}

/* Write the digest of a text, of which the first `at` bytes are in the state, in hexadecimal. */
static void digested(const uint64_t *begun, const uint8_t *text, int64_t at, int64_t size,
                     uint8_t *out) {
    static const char DIGITS[] = "0123456789abcdef";
    uint64_t state[8];
    uint8_t block[BLOCK] = {0};
    memcpy(state, begun, sizeof state);
    at = taken(state, text, at, size);
    memcpy(block, text + at, (size_t)(size - at));
    compressed(state, block, size, true);
    for (int byte = 0; byte < DIGEST; byte++) {
        uint8_t value = (uint8_t)(state[byte / 8] >> 8 * (byte % 8));
        out[2 * byte] = (uint8_t)DIGITS[value >> 4];
        out[2 * byte + 1] = (uint8_t)DIGITS[value & 15];
    }
}

INLINED uint8_t *put(uint8_t *out, const char *text, size_t size) {
    memcpy(out, text, size);
    return out + size;
}

/* A high bit for each byte that is escaped; above the first one there may be others too many. */
INLINED uint64_t to_escape(uint64_t bytes) {
    uint64_t quotes = bytes ^ EACH * '"', slashes = bytes ^ EACH * '\\';
    uint64_t controls = (bytes - EACH * SPACE) & ~bytes;
    return (controls | ((quotes - EACH) & ~quotes) | ((slashes - EACH) & ~slashes)) & HIGH;
}

/* Write one byte as JSON has it. */
static uint8_t *escaped_byte(uint8_t *out, uint8_t byte) {
    static const char SHORT[] = "btn.fr";
    if (byte != '"' && byte != '\\' && byte >= SPACE) {
        *out++ = byte;
        return out;
    }
    *out++ = '\\';
    if (byte >= SPACE)
        *out++ = byte;
    else if (byte >= '\b' && byte <= '\r' && byte != '\v')
        *out++ = (uint8_t)SHORT[byte - '\b'];
    else {
        out = PUT(out, "u00");
        *out++ = byte < 16 ? '0' : '1';
        *out++ = (uint8_t)"0123456789abcdef"[byte & 15];
    }
    return out;
}

/* Write a text as JSON has it between quotes, eight bytes at a time where none is escaped. */
static uint8_t *escaped(uint8_t *out, span text) {
    const uint8_t *at = text.start, *end = at + text.size;
    while (end - at >= 8) {
        uint64_t bytes;
        memcpy(&bytes, at, 8);
        memcpy(out, at, 8);
        uint64_t found = to_escape(bytes);
        int plain = found == 0 ? 8 : __builtin_ctzll(found) / 8;
        at += plain;
        out += plain;
        if (found != 0)
            out = escaped_byte(out, *at++);
    }
    while (at < end)
        out = escaped_byte(out, *at++);
    return out;
}

/* The ids of records and of their prompts, 32 hexadecimal digits each. The columns are systems,
   instructions, inputs, answers and rejected ones, or null for one that is not there; an empty
   system or input is none. `room` holds six times the bytes of the longest record, and more. */
EXPORT void content_ids(const column *const *columns, int64_t records, uint8_t *room,
                        uint8_t *record_ids, uint8_t *prompt_ids) {
    for (int64_t at = 0; at < records; at++) {
        span system = text_of(columns[0], at), input = text_of(columns[2], at);
        uint8_t *end = PUT(room, "[");
        if (system.size > 0)
            end = PUT(escaped(PUT(end, "[\"system\",\""), system), "\"],");
        end = escaped(PUT(end, "[\"user\",\""), text_of(columns[1], at));
        if (input.size > 0)
            end = escaped(PUT(end, "\\n\\n"), input);
        uint8_t *asked = PUT(end, "\"]");
        uint64_t state[8];
        memcpy(state, START, sizeof state);
        state[0] ^= 0x01010000 ^ DIGEST;
        int64_t common = taken(state, room, 0, asked - room);
        digested(state, room, common, PUT(asked, "]") - room, prompt_ids + 2 * DIGEST * at);
        end = PUT(escaped(PUT(asked, ",[\"assistant\",\""), text_of(columns[3], at)), "\"]");
        if (columns[4] != NULL)
            end = PUT(escaped(PUT(end, ",[\"rejected\",\""), text_of(columns[4], at)), "\"]");
        digested(state, room, common, PUT(end, "]") - room, record_ids + 2 * DIGEST * at);
    }
}
