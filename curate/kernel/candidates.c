/* Sketches, and the pairs that share a band of them (curate/dedup/sketch.py, candidates.py). */

#include <stdlib.h>

#include "kernel.h"

/* The band keys of every text into `keys`, (bands, texts) of zeros: a text without shingles keeps
   the key 0. `found` has room for the shingles of any text, `least` for a number a hash. */
EXPORT void banded(const uint8_t *data, int64_t size, const int64_t *offsets, int64_t texts,
                   const uint32_t *factor, const uint32_t *summand, int64_t permutations,
                   int64_t bands, int64_t rows, uint64_t *found, uint32_t *least, uint64_t *keys) {
    for (int64_t text = 0; text < texts; text++) {
        int64_t made = shingled(data, size, offsets[text], offsets[text + 1], found);
        if (made == 0)
            continue;
        least_values(found, made, factor, summand, least, permutations);
        for (int64_t band = 0; band < bands; band++) {
            uint64_t key = (uint64_t)band + 1;
            for (int64_t row = band * rows; row < band * rows + rows; row++)
                key = key * STEP + least[row];
            keys[band * texts + text] = mixed(key) | 1;
        }
    }
}

/* Where a key's counter of two bits lies among bytes that hold four each, and its first bit. */
INLINED uint8_t *counter(uint64_t key, uint8_t *seen, int64_t size, uint8_t *once) {
    uint64_t number = key >> 20;
    *once = (uint8_t)(1 << 2 * (number & 3));
    return seen + (number >> 2 & (uint64_t)(size - 1));
}

/* The places of keys that may stand more than once; none that does is missing. `seen` are counters
   of zero, a power of two bytes; they know none, one and more. */
EXPORT int64_t perhaps_repeated(const uint64_t *restrict keys, int64_t count,
                                uint8_t *restrict seen, int64_t size, int64_t *restrict places) {
    int64_t filled = 0;
    uint8_t once;
    for (int64_t place = 0; place < count; place++) {
        uint8_t *at = counter(keys[place], seen, size, &once);
        *at |= (uint8_t)(once | (*at & once) << 1);
    }
    for (int64_t place = 0; place < count; place++) {
        uint8_t *at = counter(keys[place], seen, size, &once);
        places[filled] = place; /* stays where the next line counts it */
        filled += (*at & once << 1) != 0 && keys[place] != 0;
    }
    return filled;
}

/* Where the run of places under one key ends. */
static int64_t run_end(const uint64_t *keys, const int64_t *places, int64_t count, int64_t first) {
    int64_t at = first + 1;
    while (at < count && keys[places[at]] == keys[places[first]])
        at++;
    return at;
}

/* How many pairs there are, and into `largest` the size of the largest run under one key. */
EXPORT int64_t count_of_pairs(const uint64_t *keys, const int64_t *places, int64_t count,
                              int64_t every_pair_up_to, int64_t first_few, int64_t *largest) {
    int64_t pairs = 0;
    *largest = 0;
    for (int64_t first = 0; first < count;) {
        int64_t end = run_end(keys, places, count, first);
        int64_t run = end - first;
        *largest = at_least(*largest, run);
        if (run <= every_pair_up_to)
            pairs += run * (run - 1) / 2;
        else
            for (int64_t later = 1; later < run; later++)
                pairs += at_most(later, first_few + 1);
        first = end;
    }
    return pairs;
}

typedef struct {
    int64_t rank, place;
} ranked;

static int by_rank(const void *one, const void *other) {
    int64_t left = ((const ranked *)one)->rank, right = ((const ranked *)other)->rank;
    return (left > right) - (left < right);
}

/* Put these places in the order of their rank. */
static void rank_places(int64_t *places, int64_t count, const int64_t *rank, ranked *room) {
    for (int64_t n = 0; n < count; n++)
        room[n] = (ranked){rank[places[n]], places[n]};
    qsort(room, (size_t)count, sizeof *room, by_rank);
    for (int64_t n = 0; n < count; n++)
        places[n] = room[n].place;
}

/* Two of so many texts as one number. */
INLINED int64_t pair(int64_t one, int64_t other, int64_t texts) {
    return at_most(one, other) * texts + at_least(one, other);
}

/* Pairs of the texts at these places, which are sorted by key, as many as were counted. `room` is
   two numbers for each text of the largest run. */
EXPORT void pairs_under(const uint64_t *keys, int64_t texts, int64_t *places, int64_t count,
                        int64_t every_pair_up_to, int64_t first_few, const int64_t *rank,
                        int64_t *room, int64_t *pairs) {
    int64_t made = 0;
    for (int64_t first = 0; first < count;) {
        int64_t end = run_end(keys, places, count, first);
        bool few = end - first <= every_pair_up_to;
        if (!few)
            rank_places(places + first, end - first, rank, (ranked *)room);
        for (int64_t later = first + 1; later < end; later++) {
            int64_t nearest = few ? later : at_most(later, first + first_few);
            for (int64_t earlier = first; earlier < nearest; earlier++)
                pairs[made++] = pair(places[earlier], places[later], texts);
            if (nearest < later)
                pairs[made++] = pair(places[later - 1], places[later], texts);
        }
        first = end;
    }
}

/* The Jaccard similarity of every pair of sorted sets: |A and B| / |A or B|; 0 where one is
   empty. Set number i lies from starts[i] on, wherever that is. */
EXPORT void similarities(const uint64_t *const *starts, const int64_t *sizes, const int64_t *pairs,
                         int64_t count, double *found) {
    for (int64_t at = 0; at < count; at++) {
        int64_t one = pairs[2 * at], other = pairs[2 * at + 1];
        int64_t first = sizes[one], second = sizes[other];
        int64_t common = in_common(starts[one], starts[one] + first, starts[other],
                                   starts[other] + second);
        found[at] = common ? (double)common / (double)(first + second - common) : 0.0;
    }
}
