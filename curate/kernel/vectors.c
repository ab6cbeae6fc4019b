/* The two loops that take most of the time, once for each width of registers: the compiler writes
   the instructions, and which of them this processor has is asked when they are needed. So one
   library serves every processor of a family, and computes the same on each. */

#include "kernel.h"

/* Make shingles of a text's tokens, in place: a polynomial of five tokens, mixed. */
INLINED void together(uint64_t *tokens, int64_t runs) {
    for (int64_t at = 0; at < runs; at++) {
        uint64_t early = tokens[at] * (STEP * STEP * STEP * STEP)
                       + tokens[at + 1] * (STEP * STEP * STEP) + tokens[at + 2] * (STEP * STEP);
        tokens[at] = mixed(early + tokens[at + 3] * STEP + tokens[at + 4]);
    }
}

/* The better mixed half of a shingle. */
INLINED uint32_t upper(uint64_t shingle) { return (uint32_t)(shingle >> 32); }

INLINED uint32_t lesser(uint32_t one, uint32_t other) { return one < other ? one : other; }

/* The least value of every hash over the shingles; four of them at once, so that factors and minima
   are loaded a quarter as often. */
INLINED void least(const uint64_t *shingles, int64_t count, const uint32_t *restrict factor,
                   const uint32_t *restrict summand, uint32_t *restrict least,
                   int64_t permutations) {
    int64_t whole = count - count % 4;
    for (int64_t p = 0; p < permutations; p++)
        least[p] = UINT32_MAX;
    for (int64_t at = 0; at < whole; at += 4) {
        uint32_t one = upper(shingles[at]), two = upper(shingles[at + 1]);
        uint32_t three = upper(shingles[at + 2]), four = upper(shingles[at + 3]);
        for (int64_t p = 0; p < permutations; p++) {
            uint32_t a = factor[p], b = summand[p];
            uint32_t early = lesser(one * a + b, two * a + b);
            uint32_t late = lesser(three * a + b, four * a + b);
            least[p] = lesser(least[p], lesser(early, late));
        }
    }
    for (int64_t at = whole; at < count; at++) {
        uint32_t last = upper(shingles[at]);
        for (int64_t p = 0; p < permutations; p++)
            least[p] = lesser(least[p], last * factor[p] + summand[p]);
    }
}

#define LEAST_OF                                                                                  \
    const uint64_t *shingles, int64_t count, const uint32_t *factor, const uint32_t *summand,     \
        uint32_t *found, int64_t permutations
#define GIVEN shingles, count, factor, summand, found, permutations

#if defined(__x86_64__) && defined(__GNUC__) && !defined(PLAIN)

#if defined(__clang__)
#define WIDE __attribute__((target("avx512f,avx512dq"), min_vector_width(512)))
#else
#define WIDE __attribute__((target("avx512f,avx512dq,prefer-vector-width=512")))
#endif
#define MIDDLE __attribute__((target("avx2")))

WIDE static void together_wide(uint64_t *tokens, int64_t runs) { together(tokens, runs); }
WIDE static void least_wide(LEAST_OF) { least(GIVEN); }
MIDDLE static void least_middle(LEAST_OF) { least(GIVEN); }

static bool has_wide(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq");
}

void run_together(uint64_t *tokens, int64_t runs) {
    if (has_wide())
        together_wide(tokens, runs);
    else
        together(tokens, runs);
}

void least_values(LEAST_OF) {
    if (has_wide())
        least_wide(GIVEN);
    else if (__builtin_cpu_supports("avx2"))
        least_middle(GIVEN);
    else
        least(GIVEN);
}

#else

void run_together(uint64_t *tokens, int64_t runs) { together(tokens, runs); }
void least_values(LEAST_OF) { least(GIVEN); }

#endif
