/* Lines: how many there are (curate/raw/breaks.py), and JSON Lines of flat objects, all with the same
   keys in the same order (curate/raw/flat.py). What is not strictly that is not explained
   here: the caller reads it otherwise. */

#include "kernel.h"

/* How many line breaks there are; counted in bytes, of which a register holds many. */
EXPORT int64_t line_breaks(const uint8_t *data, int64_t size) {
    int64_t count = 0;
    for (int64_t at = 0; at < size;) {
        int64_t end = at_most(at + UINT8_MAX, size);
        uint8_t few = 0;
        for (; at < end; at++)
            few += data[at] == '\n';
        count += few;
    }
    return count;
}

enum { NOTHING, TEXT, NUMBER, TRUTH };

/* What one value is: where its text begins and how long it is when decoded, or its number. */
typedef struct {
    int kind;
    bool escaped;
    int64_t start;
    int64_t told; /* bytes of the text; or the number; or 1 for true */
} value;

/* A high bit for each byte of a text that is looked at; above the first there may be too many. */
INLINED uint64_t to_look_at(uint64_t bytes) {
    uint64_t quotes = bytes ^ EACH * '"', slashes = bytes ^ EACH * '\\';
    uint64_t controls = bytes - EACH * SPACE;
    return (bytes | controls | (quotes - EACH) | (slashes - EACH)) & HIGH;
}

static int digit_of(uint8_t byte) {
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    byte |= 0x20;
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* The number in the four digits of \uXXXX, whose backslash is at `at`; -1 where it is none. */
static int32_t unit_at(const uint8_t *data, int64_t at, int64_t size) {
    int32_t unit = 0;
    if (size - at < 6 || data[at] != '\\' || data[at + 1] != 'u')
        return -1;
    for (int64_t place = at + 2; place < at + 6; place++) {
        int digit = digit_of(data[place]);
        if (digit < 0)
            return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

/* The character of an escape and, into `width`, the bytes that it takes; -1 where it is none. */
static int32_t escape_at(const uint8_t *data, int64_t at, int64_t size, int *width) {
    static const char SHORT[] = "\"\\/bfnrt", MEANT[] = "\"\\/\b\f\n\r\t";
    *width = 2;
    if (size - at < 2)
        return -1;
    for (int one = 0; one < 8; one++)
        if (data[at + 1] == (uint8_t)SHORT[one])
            return MEANT[one];
    int32_t unit = unit_at(data, at, size);
    *width = 6;
    if (unit < 0xD800 || unit > 0xDFFF)
        return unit;
    int32_t low = unit_at(data, at + 6, size);
    *width = 12;
    if (unit > 0xDBFF || low < 0xDC00 || low > 0xDFFF)
        return -1;
    return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
}

INLINED bool follows(uint8_t byte) { return (byte & 0xC0) == 0x80; }

/* The bytes of a character beyond ASCII; 0 where it is not strictly UTF-8. */
INLINED int wide_at(const uint8_t *data, int64_t at, int64_t size) {
    uint8_t lead = data[at], next = at + 1 < size ? data[at + 1] : 0;
    int width = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (lead < 0xC2 || lead > 0xF4 || size - at < width || !follows(next))
        return 0;
    if (width == 2)
        return 2;
    if ((lead == 0xE0 && next < 0xA0) || (lead == 0xED && next > 0x9F)
        || (lead == 0xF0 && next < 0x90) || (lead == 0xF4 && next > 0x8F))
        return 0;
    if (!follows(data[at + 2]) || (width == 4 && !follows(data[at + 3])))
        return 0;
    return width;
}

static int bytes_of(int32_t character) {
    return character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
}

/* Read a text from behind its first quote; returns where it is over, or -1. */
static int64_t text_at(const uint8_t *data, int64_t at, int64_t size, value *found) {
    int64_t saved = 0; /* bytes that escapes take more than what they mean */
    found->kind = TEXT;
    found->start = at;
    for (;;) {
        uint64_t bytes = 0, marked = HIGH >> 56;
        if (size - at >= 8) {
            memcpy(&bytes, data + at, 8);
            marked = to_look_at(bytes);
            if (marked == 0) {
                at += 8;
                continue;
            }
            at += __builtin_ctzll(marked) / 8;
        } else if (at >= size) {
            return -1;
        }
        uint8_t byte = data[at];
        if (byte == '"') {
            found->told = at - found->start - saved;
            found->escaped = saved > 0;
            return at + 1;
        }
        int width = 1;
        if (byte == '\\') {
            int32_t character = escape_at(data, at, size, &width);
            if (character < 0)
                return -1;
            saved += width - bytes_of(character);
        } else if (byte >= 0x80) {
            do {
                width = wide_at(data, at, size);
                if (width == 0)
                    return -1;
                at += width;
            } while (at < size && data[at] >= 0x80);
            continue;
        } else if (byte < SPACE) {
            return -1;
        }
        at += width;
    }
}

/* Read an integer, or its first digits; returns where they are over, or -1. */
static int64_t number_at(const uint8_t *data, int64_t at, int64_t size, int64_t digits,
                         value *found) {
    bool negative = data[at] == '-';
    int64_t first = at += negative, number = 0;
    for (; at < size && data[at] >= '0' && data[at] <= '9' && at - first < digits; at++)
        number = 10 * number + (data[at] - '0');
    bool leading = at > first && data[first] == '0' && (at - first > 1 || negative);
    if (at == first || leading)
        return -1;
    found->kind = NUMBER;
    found->told = negative ? -number : number;
    return at;
}

static bool says(const uint8_t *data, int64_t at, int64_t size, const char *word, int64_t letters) {
    return size - at >= letters && memcmp(data + at, word, (size_t)letters) == 0;
}

/* Read one value; returns where it is over, or -1 where it is none of those known here. */
static int64_t value_at(const uint8_t *data, int64_t at, int64_t size, int64_t digits,
                        value *found) {
    *found = (value){NOTHING, false, 0, 0};
    if (at < size && data[at] == '"')
        return text_at(data, at + 1, size, found);
    if (says(data, at, size, "null", 4))
        return at + 4;
    if (at < size && (data[at] == '-' || (data[at] >= '0' && data[at] <= '9')))
        return number_at(data, at, size, digits, found);
    found->kind = TRUTH;
    if (says(data, at, size, "false", 5))
        return at + 5;
    found->told = 1;
    return says(data, at, size, "true", 4) ? at + 4 : -1;
}

static int64_t behind_spaces(const uint8_t *data, int64_t at, int64_t size) {
    while (at < size && data[at] == SPACE)
        at++;
    return at;
}

/* Where what is written lies of every value: column number c has its rows from c * rows on. */
typedef struct {
    int64_t rows;
    uint8_t *kinds;  /* of each column */
    int64_t *starts; /* of texts, -1 - start where they hold escapes */
    int64_t *told;   /* of texts where they end when put together; else the numbers */
    uint8_t *there;  /* 0 for null */
} table;

/* Note down one value; false where its column is of another kind. */
static bool noted(table into, int64_t column, int64_t row, const value *found) {
    int64_t at = column * into.rows + row;
    uint8_t *kind = into.kinds + column;
    bool there = found->kind != NOTHING;
    if (there && *kind == NOTHING)
        *kind = (uint8_t)found->kind;
    if (there && *kind != found->kind)
        return false;
    int64_t before = row > 0 && *kind == TEXT ? into.told[at - 1] : 0;
    into.starts[at] = found->escaped ? -1 - found->start : found->start;
    into.told[at] = before + found->told;
    into.there[at] = there;
    return true;
}

/* Read lines of objects with these keys, as they are written, quotes included; returns how many
   there are, or -1 where any of them is something else, or more of them than `rows`. */
EXPORT int64_t flat_lines(const uint8_t *data, int64_t size, const uint8_t *keys,
                          const int64_t *offsets, int64_t columns, int64_t longest, int64_t digits,
                          int64_t rows, uint8_t *kinds, int64_t *starts, int64_t *told,
                          uint8_t *there) {
    table into = {rows, kinds, starts, told, there};
    int64_t at = 0, row = 0;
    value found;
    for (; at < size && row < rows; row++) {
        int64_t begun = at;
        for (int64_t column = 0; column < columns; column++) {
            if (at >= size || data[at] != (column == 0 ? '{' : ','))
                return -1;
            at = column == 0 ? at + 1 : behind_spaces(data, at + 1, size);
            int64_t letters = offsets[column + 1] - offsets[column];
            if (!says(data, at, size, (const char *)keys + offsets[column], letters))
                return -1;
            at += letters;
            if (at >= size || data[at] != ':')
                return -1;
            at = value_at(data, behind_spaces(data, at + 1, size), size, digits, &found);
            if (at < 0 || !noted(into, column, row, &found))
                return -1;
        }
        if (at >= size || data[at++] != '}' || at - begun > longest)
            return -1;
        if (at < size && data[at++] != '\n')
            return -1;
    }
    return at < size ? -1 : row;
}

/* Write a character as UTF-8. */
static uint8_t *put(uint8_t *out, int32_t character) {
    int more = bytes_of(character) - 1;
    static const uint8_t LEADS[] = {0, 0xC0, 0xE0, 0xF0};
    *out++ = (uint8_t)(LEADS[more] | character >> 6 * more);
    while (more-- > 0)
        *out++ = (uint8_t)(0x80 | (character >> 6 * more & 0x3F));
    return out;
}

/* Write one text without its escapes, up to `end`. */
static uint8_t *meant(const uint8_t *data, int64_t size, int64_t at, uint8_t *out, uint8_t *end) {
    while (out < end) {
        int width = 1;
        if (data[at] == '\\')
            out = put(out, escape_at(data, at, size, &width));
        else
            *out++ = data[at];
        at += width;
    }
    return out;
}

/* Write the texts of these columns, row after row, those of a row parted by line breaks; where each
   row begins, and where the last one ends, goes into `offsets`. Column c has its rows from
   c * stride on, as flat_lines wrote them. */
EXPORT void texts_of(const uint8_t *data, int64_t size, const int64_t *starts, const int64_t *ends,
                     int64_t stride, int64_t rows, const int64_t *columns, int64_t count,
                     uint8_t *out, int64_t *offsets) {
    uint8_t *filled = out;
    for (int64_t row = 0; row < rows; row++) {
        offsets[row] = filled - out;
        for (int64_t each = 0; each < count; each++) {
            int64_t at = columns[each] * stride + row, start = starts[at];
            int64_t letters = ends[at] - (row > 0 ? ends[at - 1] : 0);
            if (each > 0)
                *filled++ = '\n';
            if (start >= 0)
                memcpy(filled, data + start, (size_t)letters);
            else
                meant(data, size, -1 - start, filled, filled + letters);
            filled += letters;
        }
    }
    offsets[rows] = filled - out;
}
