/* Counts every basic block that the emulator runs, without leaving machine code.
 *
 * Unicorn calls count_block before each block. A block seen before costs one look-up in a table; a
 * new one is handed to Python once, which decodes it and fills the entry. Built for the computer
 * that runs the course (`zig cc -shared`), it needs no library, not even the C library. The layout
 * of the two structures is repeated in block_counter.py.
 */
#include <stdint.h>

typedef struct {
  uint64_t executions;
  uint64_t taken; /* how often the branch at the block's end really went elsewhere */
  uint32_t address;
  uint32_t size; /* bytes; 0: the entry is free */
  uint32_t instructions;
  uint32_t cycles;
  uint32_t taken_cycles;
  uint32_t unused;
} Block;

typedef struct {
  uint64_t instructions;
  uint64_t cycles;
  uint64_t instruction_limit; /* stop before the block that begins at or after this count */
  uint64_t cycle_limit;
  uint64_t stopped; /* 1 when a limit stopped the run, 2 when the table is full */
  Block *blocks;
  Block *previous;
  uint64_t mask; /* entries - 1, entries being a power of two */
  uint64_t used;
  void (*stop)(void *emulator);
  void (*measure)(Block *block); /* Python: fills instructions, cycles, taken_cycles */
} Counter;

#if defined(_WIN32)
__declspec(dllexport)
#else
__attribute__((visibility("default")))
#endif
void count_block(void *emulator, uint64_t address, uint32_t size, Counter *counter) {
  if (counter->instructions >= counter->instruction_limit ||
      counter->cycles >= counter->cycle_limit) {
    counter->stopped = 1;
    counter->stop(emulator); /* the block does not run, and is counted when the run goes on */
    return;
  }
  const uint32_t start = (uint32_t)address;
  Block *previous = counter->previous;
  if (previous && previous->taken_cycles && previous->address + previous->size != start) {
    previous->taken++;
    counter->cycles += previous->taken_cycles;
  }
  uint64_t slot = (start >> 1) & counter->mask;
  Block *block = &counter->blocks[slot];
  while (block->address != start || block->size != size) {
    if (block->size == 0) {
      if (2 * counter->used > counter->mask) {
        counter->stopped = 2;
        counter->stop(emulator);
        return;
      }
      counter->used++;
      block->address = start;
      block->size = size;
      counter->measure(block);
      break;
    }
    slot = (slot + 1) & counter->mask;
    block = &counter->blocks[slot];
  }
  block->executions++;
  counter->instructions += block->instructions;
  counter->cycles += block->cycles;
  counter->previous = block;
}
