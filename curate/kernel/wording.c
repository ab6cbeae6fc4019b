/* Wording: a number for each text, equal where two are worded alike (curate/content/sameness.py). */

#include "kernel.h"

INLINED bool is_space(uint8_t byte) {
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* What a text may end with and be worded as without it. */
INLINED bool is_final(uint8_t byte) {
    return is_space(byte) || byte == '.' || byte == '!' || byte == '?';
}

/* ASCII but for the vertical tab and the form feed: what is folded here. */
INLINED bool is_common(uint8_t byte) { return byte < 0x80 && byte != '\v' && byte != '\f'; }

INLINED uint64_t taken(uint64_t number, uint8_t byte) { return (number + byte + 1) * STEP; }

/* The number of a text that is folded already. */
static uint64_t number_of(span text) {
    uint64_t number = 0;
    for (int64_t at = 0; at < text.size; at++)
        number = taken(number, text.start[at]);
    return mixed(number);
}

/* The number of the folded form of a text; false where only the slow way knows that form. */
static bool folded_number(span text, uint64_t *out) {
    const uint8_t *at = text.start, *end = at + text.size;
    for (const uint8_t *each = at; each < end; each++)
        if (!is_common(*each))
            return false;
    while (at < end && is_space(*at))
        at++;
    while (end > at && is_final(end[-1]))
        end--;
    uint64_t number = 0;
    for (; at < end; at++) {
        uint8_t byte = *at;
        if (is_space(byte)) {
            if (is_space(at[1])) /* never the last one: the text ends with another */
                continue;
            byte = ' ';
        }
        number = taken(number, byte >= 'A' && byte <= 'Z' ? byte | SPACE : byte);
    }
    *out = mixed(number);
    return true;
}

/* The number of each text of a column; where it is not known, `odd` is 1. */
EXPORT void wordings(const column *of, uint64_t *numbers, uint8_t *odd) {
    for (int64_t row = 0; row < of->length; row++)
        odd[row] = !folded_number(text_of(of, row), numbers + row);
}

/* The same of texts that are folded already. */
EXPORT void wordings_of_folded(const column *of, uint64_t *numbers) {
    for (int64_t row = 0; row < of->length; row++)
        numbers[row] = number_of(text_of(of, row));
}
