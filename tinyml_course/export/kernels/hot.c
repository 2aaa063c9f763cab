#ifdef __GNUC__ /* and clang */
#define MODEL_INLINE static inline __attribute__((always_inline, unused))
#else
#define MODEL_INLINE static inline
#endif

/* Before a kernel: one copy of it for all layers, and GCC makes it fast also where the program is
 * compiled to be small (-Os). Its first scheduler would load early and run out of registers. */
#if defined(__clang__)
#define MODEL_HOT __attribute__((noinline))
#elif defined(__GNUC__)
#define MODEL_HOT \
    __attribute__((noinline, \
                   optimize("O2", "no-schedule-insns", "no-tree-loop-distribute-patterns")))
#else
#define MODEL_HOT
#endif

/* Loads stay on their side of it: a scheduler that brings them all forward runs out of registers. */
#ifdef __GNUC__
#define MODEL_IN_ORDER __asm__ volatile("" : : : "memory")
#else
#define MODEL_IN_ORDER ((void)0)
#endif
