/* The heap: free blocks in one list by address, first fit, neighbours joined. From the end of the
 * variables to the end of RAM; a request that does not fit gets a null pointer, as on a board. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct Block {
  size_t size; /* of the whole block, this head included; a multiple of 8 */
  struct Block *next;
} Block;

extern char __heap_start[], __heap_end[];

static Block *first_free;
static int is_ready;

static void prepare(void) {
  uintptr_t start = ((uintptr_t)__heap_start + 7u) & ~(uintptr_t)7u;
  first_free = (Block *)start;
  first_free->size = ((uintptr_t)__heap_end - start) & ~(size_t)7u;
  first_free->next = NULL;
  is_ready = 1;
}

void *malloc(size_t size) {
  if (!is_ready) prepare();
  if (size > 0x7FFFFFF0u) return NULL;
  const size_t needed = ((size + 7u) & ~(size_t)7u) + sizeof(Block);
  for (Block **link = &first_free; *link; link = &(*link)->next) {
    Block *block = *link;
    if (block->size < needed) continue;
    if (block->size >= needed + 2u * sizeof(Block)) {
      Block *rest = (Block *)((char *)block + needed);
      rest->size = block->size - needed;
      rest->next = block->next;
      *link = rest;
      block->size = needed;
    } else {
      *link = block->next;
    }
    return block + 1;
  }
  return NULL;
}

void free(void *pointer) {
  if (!pointer) return;
  Block *block = (Block *)pointer - 1;
  Block **link = &first_free;
  while (*link && *link < block) link = &(*link)->next;
  block->next = *link;
  *link = block;
  if (block->next == (Block *)((char *)block + block->size)) {
    block->size += block->next->size;
    block->next = block->next->next;
  }
  if (link != &first_free) {
    Block *before = (Block *)((char *)link - offsetof(Block, next));
    if ((Block *)((char *)before + before->size) == block) {
      before->size += block->size;
      before->next = block->next;
    }
  }
}

void *calloc(size_t count, size_t size) {
  if (size && count > (size_t)-1 / size) return NULL;
  void *pointer = malloc(count * size);
  if (pointer) memset(pointer, 0, count * size);
  return pointer;
}

void *realloc(void *pointer, size_t size) {
  if (!pointer) return malloc(size);
  const size_t old = ((Block *)pointer - 1)->size - sizeof(Block);
  if (size <= old) return pointer;
  void *moved = malloc(size);
  if (moved) {
    memcpy(moved, pointer, old);
    free(pointer);
  }
  return moved;
}
