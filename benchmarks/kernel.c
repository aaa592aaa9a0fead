/* Success gap over months: the running maximum, one draw after the other.
 *
 * gap = (1 − exp(−d)) / ((1 + exp(a))·(1 + exp(−a−d))), a the meek actor's logit and d the
 * lead in logits, without cancellation; or, with PLAIN, the difference of two
 * logistic functions. */
#include <math.h>
#include <stddef.h>

#define VECTOR 16

void success_gap(const float *restrict start, const float *restrict rate,
                 const float *restrict lead, const float *restrict months, size_t dates,
                 const float *restrict tasks, size_t num_tasks, size_t draws,
                 float *restrict peak)
{
#pragma omp parallel for schedule(static)
    for (size_t first = 0; first < draws; first += VECTOR) {
        for (size_t task = 0; task < num_tasks; task++) {
            float top[VECTOR];
            for (int i = 0; i < VECTOR; i++) top[i] = -1.0f;
            for (size_t date = 0; date < dates; date++) {
                const float month = months[date];
#pragma omp simd
                for (int i = 0; i < VECTOR; i++) {
                    const size_t draw = first + i;
                    const float low = start[draw] + rate[draw] * month - tasks[task * draws + draw];
                    const float ahead = lead[draw] * month;
#ifdef PLAIN
                    const float gap = 1.0f / (1.0f + expf(-(low + ahead)))
                                      - 1.0f / (1.0f + expf(-low));
#else
                    const float gap = -expm1f(-ahead) / ((1.0f + expf(low)) * (1.0f + expf(-low - ahead)));
#endif
                    top[i] = gap > top[i] ? gap : top[i];
                }
            }
            for (int i = 0; i < VECTOR; i++) peak[task * draws + first + i] = top[i];
        }
    }
}
