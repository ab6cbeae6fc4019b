/* Passages: sentences and lines of prompts that records share (curate/dedup/passages.py). */

#include "kernel.h"

#define LEAST_BYTES 24 /* of a passage; a shorter one cannot make two texts alike */
#define WIDE_STOP 0xE38082        /* 。 */
#define WIDE_EXCLAMATION 0xEFBC81 /* ！ */
#define WIDE_QUESTION 0xEFBC9F    /* ？ */

/* What the caller needs to know to make room for passages. */
EXPORT int64_t least_bytes(void) { return LEAST_BYTES; }

/* Where the passage that begins at `start` ends: behind its last byte. */
static int64_t passage_end(const uint8_t *data, int64_t start, int64_t end) {
    for (int64_t at = start; at < end; at++) {
        uint32_t byte = data[at];
        if (byte == '\n')
            return at + 1;
        if ((byte == '.' || byte == '?' || byte == '!') && at + 1 < end && data[at + 1] <= SPACE)
            return at + 1;
        if ((byte == '?' || byte == '!') && at + 1 < end && data[at + 1] >= 0xE3)
            return at + 1; /* between kana and kanji, where no white space follows */
        if (byte >= 0xE3 && at + 2 < end) {
            uint32_t wide = byte << 16 | (uint32_t)data[at + 1] << 8 | data[at + 2];
            if (wide == WIDE_STOP || wide == WIDE_EXCLAMATION || wide == WIDE_QUESTION)
                return at + 3;
        }
    }
    return end;
}

/* The number of a passage, white space at its ends aside; 0 for one too short to count. */
static uint64_t number_of(const uint8_t *data, int64_t start, int64_t end) {
    while (start < end && data[start] <= SPACE)
        start++;
    while (end > start && data[end - 1] <= SPACE)
        end--;
    if (end - start < LEAST_BYTES)
        return 0;
    uint64_t number = (uint64_t)(end - start);
    for (int64_t at = start; at < end; at++)
        number = (number + data[at]) * STEP;
    return mixed(number) | 1;
}

/* Write the numbers of the passages of one prompt into `out`; returns how many there are. */
static int64_t passages(const uint8_t *data, int64_t start, int64_t end, uint64_t *out) {
    int64_t made = 0;
    while (start < end) {
        int64_t after = passage_end(data, start, end);
        uint64_t number = number_of(data, start, after);
        if (number != 0)
            out[made++] = number;
        start = after;
    }
    return made;
}

/* The passages of every prompt, each once a prompt; returns how many in all. */
EXPORT int64_t passages_of_all(const uint8_t *data, const int64_t *offsets, const int64_t *ends,
                               int64_t texts, uint64_t *found, uint64_t *slots) {
    int64_t filled = 0;
    for (int64_t text = 0; text < texts; text++) {
        int64_t made = passages(data, offsets[text], ends[text], found + filled);
        filled += in_order(found + filled, made, slots);
    }
    return filled;
}

/* Whether a sorted array holds a number. */
static bool holds(const uint64_t *numbers, int64_t count, uint64_t number) {
    int64_t first = 0, end = count;
    while (first < end) {
        int64_t middle = first + (end - first) / 2;
        if (numbers[middle] < number)
            first = middle + 1;
        else
            end = middle;
    }
    return first < count && numbers[first] == number;
}

static bool is_blank(const uint8_t *text, int64_t size) {
    for (int64_t at = 0; at < size; at++)
        if (text[at] > SPACE)
            return false;
    return true;
}

/* Copy a prompt less its passages in `common`; returns what is left of its length, and into
   `last` where the last passage begins that was left out. */
static int64_t own_prompt(const uint8_t *data, int64_t start, int64_t end, const uint64_t *common,
                          int64_t count, uint8_t *out, int64_t *last) {
    int64_t filled = 0;
    *last = end;
    while (start < end) {
        int64_t after = passage_end(data, start, end);
        if (holds(common, count, number_of(data, start, after))) {
            *last = start;
        } else {
            memcpy(out + filled, data + start, (size_t)(after - start));
            filled += after - start;
        }
        start = after;
    }
    return filled;
}

/* The texts less the passages in `common`; of a prompt of these alone the last one stays. */
EXPORT int64_t without(const uint8_t *data, const int64_t *offsets, const int64_t *ends,
                       int64_t texts, const uint64_t *common, int64_t count, uint8_t *kept,
                       int64_t *starts, int64_t *prompts) {
    int64_t filled = 0, last;
    starts[0] = 0;
    for (int64_t text = 0; text < texts; text++) {
        int64_t end = ends[text], stop = offsets[text + 1];
        int64_t left = own_prompt(data, offsets[text], end, common, count, kept + filled, &last);
        if (is_blank(kept + filled, left)) {
            left = end - last;
            memcpy(kept + filled, data + last, (size_t)left);
        }
        filled += left;
        prompts[text] = filled;
        memcpy(kept + filled, data + end, (size_t)(stop - end));
        filled += stop - end;
        starts[text + 1] = filled;
    }
    return filled;
}

/* Copy a text less the passages of its prompt that are in `common`; returns its length. */
EXPORT int64_t own_bytes(const uint8_t *data, int64_t start, int64_t end, int64_t stop,
                         const uint64_t *common, int64_t count, uint8_t *out) {
    int64_t last, filled = own_prompt(data, start, end, common, count, out, &last);
    memcpy(out + filled, data + end, (size_t)(stop - end));
    return filled + stop - end;
}

/* The passages of one prompt that another has too, as they come; returns how many there are. */
EXPORT int64_t in_both(const uint8_t *data, const int64_t *offsets, const int64_t *ends,
                       int64_t one, int64_t other, uint64_t *found, uint64_t *theirs,
                       uint64_t *slots) {
    int64_t mine = passages(data, offsets[one], ends[one], found);
    int64_t many = passages(data, offsets[other], ends[other], theirs), filled = 0;
    many = in_order(theirs, many, slots);
    for (int64_t at = 0; at < mine; at++)
        if (holds(theirs, many, found[at]))
            found[filled++] = found[at];
    return filled;
}

/* Room for what two texts are, each of up to `longest` bytes. */
typedef struct {
    uint64_t *passages; /* 2 * (longest / LEAST_BYTES + 1) */
    uint64_t *shingles; /* 2 * (longest + 1) */
    uint64_t *slots;    /* 3 * (longest + 1) */
    uint8_t *kept;      /* longest */
    int64_t longest;
} room;

/* Whether two prompts are equal, byte for byte, and not empty. */
static bool same_prompt(const uint8_t *data, const int64_t *offsets, const int64_t *ends,
                        int64_t one, int64_t other) {
    int64_t size = ends[one] - offsets[one];
    return size > 0 && size == ends[other] - offsets[other]
        && memcmp(data + offsets[one], data + offsets[other], (size_t)size) == 0;
}

/* How alike two texts are without the passages that both prompts hold, or without the prompt that
   both have; 1, which objects to nothing, where these are less than half of either text. */
static double apart_from_shared(const uint8_t *data, const int64_t *offsets, const int64_t *ends,
                                int64_t one, int64_t other, room in) {
    uint64_t *theirs = in.passages + in.longest / LEAST_BYTES + 1;
    int64_t common = in_both(data, offsets, ends, one, other, in.passages, theirs, in.slots);
    bool same = same_prompt(data, offsets, ends, one, other);
    if (common == 0 && !same)
        return 1.0;
    common = in_order(in.passages, common, in.slots);
    int64_t bounds[3] = {0, 0, 0};
    bool mostly_shared = false;
    for (int side = 0; side < 2; side++) {
        int64_t text = side == 0 ? one : other, start = offsets[text], stop = offsets[text + 1];
        uint64_t *own = in.shingles + bounds[side];
        int64_t size = stop - ends[text];
        if (same)
            memcpy(in.kept, data + ends[text], (size_t)size);
        else
            size = own_bytes(data, start, ends[text], stop, in.passages, common, in.kept);
        mostly_shared |= 2 * size <= stop - start;
        int64_t made = shingled(in.kept, size, 0, size, own);
        bounds[side + 1] = bounds[side] + in_order(own, made, in.slots);
    }
    if (!mostly_shared || bounds[2] == 0)
        return 1.0;
    int64_t alike = shared(in.shingles, bounds, 0, 1);
    return (double)alike / (double)(bounds[2] - alike);
}

/* The same of every pair of texts. */
EXPORT void apart_of_all(const uint8_t *data, const int64_t *offsets, const int64_t *ends,
                         const int64_t *pairs, int64_t count, int64_t longest, uint64_t *passages,
                         uint64_t *shingles, uint64_t *slots, uint8_t *kept, double *found) {
    room in = {passages, shingles, slots, kept, longest};
    for (int64_t at = 0; at < count; at++)
        found[at] = apart_from_shared(data, offsets, ends, pairs[2 * at], pairs[2 * at + 1], in);
}
