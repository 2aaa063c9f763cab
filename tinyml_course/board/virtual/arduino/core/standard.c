/* The rest of <stdlib.h> that sketches use. */
#include <stddef.h>
#include <stdlib.h>

div_t div(int over, int under) { return (div_t){over / under, over % under}; }
ldiv_t ldiv(long over, long under) { return (ldiv_t){over / under, over % under}; }
long long llabs(long long x) { return x < 0 ? -x : x; }

void *bsearch(const void *key, const void *first, size_t count, size_t size,
              int (*compare)(const void *, const void *)) {
  const char *from = (const char *)first;
  while (count > 0) {
    const char *middle = from + count / 2 * size;
    const int order = compare(key, middle);
    if (order == 0) return (void *)middle;
    if (order > 0) {
      from = middle + size;
      count--;
    }
    count /= 2;
  }
  return NULL;
}
