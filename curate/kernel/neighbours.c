/* Neighbours: the records whose prompts are most alike (curate/review/neighbours.py). */

#include "kernel.h"

#define SHIFT 44 /* so that a bucket of 2 ** 20 is left of 64 bits */

/* The distinct sequences of every text, sorted; those of text i at bounds[i]:bounds[i + 1]. */
typedef struct {
    const int32_t *terms;
    const int64_t *bounds;
    const double *rarity;   /* of every bucket */
    const int64_t *holding; /* texts with it */
    const double *length;   /* of every text's vector */
} bags;

/* What neighbours are looked for by, and how many are kept. */
typedef struct {
    int64_t rarest, common, nearest, closer;
} limits;

/* The distinct buckets of every text's sequences, sorted, and their bounds; returns how many. */
EXPORT int64_t sequences(const uint32_t *letters, const int64_t *offsets, int64_t texts,
                         uint64_t *room, uint64_t *slots, int32_t *found, int64_t *bounds) {
    int64_t filled = 0;
    bounds[0] = 0;
    for (int64_t text = 0; text < texts; text++) {
        int64_t made = 0;
        for (int64_t at = offsets[text]; at < offsets[text + 1] - 2; at++) {
            uint64_t number = letters[at];
            number = number << 21 ^ letters[at + 1];
            number = number << 21 ^ letters[at + 2];
            number *= STEP;
            number ^= number >> 29;
            room[made++] = number * STEP >> SHIFT << SHIFT;
        }
        made = in_order(room, made, slots);
        for (int64_t n = 0; n < made; n++)
            found[filled++] = (int32_t)(room[n] >> SHIFT);
        bounds[text + 1] = filled;
    }
    return filled;
}

/* How like two texts are, 0 to 1. */
static double cosine(const bags *of, int64_t one, int64_t other) {
    int64_t a = of->bounds[one], a_end = of->bounds[one + 1];
    int64_t b = of->bounds[other], b_end = of->bounds[other + 1];
    double total = 0.0;
    while (a < a_end && b < b_end) {
        int32_t left = of->terms[a], right = of->terms[b];
        if (left == right)
            total += of->rarity[left] * of->rarity[left];
        a += left <= right;
        b += right <= left;
    }
    double whole = of->length[one] * of->length[other];
    return whole > 0 ? total / whole : 0.0;
}

/* The rarest sequences of a text into `rare`, the first of equal ones in front. */
static int64_t rarest(const bags *of, int64_t text, limits most, int32_t *rare) {
    int64_t count = 0;
    for (int64_t n = of->bounds[text]; n < of->bounds[text + 1]; n++) {
        int64_t holding = of->holding[of->terms[n]], at = count;
        if (holding > most.common)
            continue;
        while (at > 0 && of->holding[rare[at - 1]] > holding)
            at--;
        if (at == most.rarest)
            continue;
        count += count < most.rarest;
        memmove(rare + at + 1, rare + at, (size_t)(count - 1 - at) * sizeof *rare);
        rare[at] = of->terms[n];
    }
    return count;
}

/* Add up in `shared` what other texts share with this one; who they are in `met`, how many. */
static int64_t gather(const bags *of, int64_t text, limits most, const int32_t *owner,
                      const int64_t *starts, int32_t *rare, double *shared, int32_t *met) {
    int64_t count = 0, looked = rarest(of, text, most, rare);
    for (int64_t n = 0; n < looked; n++) {
        int32_t term = rare[n];
        double weight = of->rarity[term] * of->rarity[term];
        for (int64_t at = starts[term]; at < starts[term + 1]; at++) {
            int32_t other = owner[at];
            if (other == text)
                continue;
            if (shared[other] == 0.0)
                met[count++] = other;
            shared[other] += weight / of->length[other];
        }
    }
    return count;
}

/* Put a text among the highest, in order; of equal ones the smaller number is in front. */
static void keep(int32_t *first, double *height, int64_t size, int32_t other, double value) {
    int64_t at = size;
    while (at > 0
           && (first[at - 1] < 0 || value > height[at - 1]
               || (value == height[at - 1] && other < first[at - 1]))) {
        if (at < size) {
            first[at] = first[at - 1];
            height[at] = height[at - 1];
        }
        at--;
    }
    if (at < size) {
        first[at] = other;
        height[at] = value;
    }
}

/* Numbers and likeness of every text's neighbours: (texts, nearest) of -1 and of 0. `shared` is a
   0 for each text, `met` as long, `rare` of `rarest` numbers, `first` and `height` of `closer`. */
EXPORT void nearest(const int32_t *terms, const int64_t *bounds, const double *rarity,
                    const int64_t *holding, const double *length, int64_t texts,
                    const int32_t *owner, const int64_t *starts, int64_t rarest, int64_t common,
                    int64_t nearest, int64_t closer, double *shared, int32_t *met, int32_t *rare,
                    int32_t *first, double *height, int32_t *numbers, double *likeness) {
    bags of = {terms, bounds, rarity, holding, length};
    limits most = {rarest, common, nearest, closer};
    for (int64_t text = 0; text < texts; text++) {
        int64_t count = gather(&of, text, most, owner, starts, rare, shared, met);
        for (int64_t n = 0; n < closer; n++)
            first[n] = -1;
        for (int64_t n = 0; n < count; n++) {
            keep(first, height, closer, met[n], shared[met[n]]);
            shared[met[n]] = 0.0;
        }
        for (int64_t n = 0; n < closer && first[n] >= 0; n++)
            keep(numbers + text * nearest, likeness + text * nearest, nearest, first[n],
                 cosine(&of, text, first[n]));
    }
}

/* How like every text is to those with these numbers, (texts, each), into `found`, all 0. */
EXPORT void alike(const int32_t *terms, const int64_t *bounds, const double *rarity,
                  const int64_t *holding, const double *length, const int32_t *numbers,
                  int64_t texts, int64_t each, double *found) {
    bags of = {terms, bounds, rarity, holding, length};
    for (int64_t text = 0; text < texts; text++)
        for (int64_t n = text * each; n < (text + 1) * each; n++)
            if (numbers[n] >= 0)
                found[n] = cosine(&of, text, numbers[n]);
}
