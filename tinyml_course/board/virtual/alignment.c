/* Finds words and halfwords at addresses that are not aligned, for a core that faults on them.
 *
 * Unicorn's core for ARMv6-M takes them, and its hook on memory costs 0.4 us an access. A hook on
 * code costs 0.03 us an instruction, so Unicorn calls this one before each; it looks at the few
 * that load or store more than a byte by a register. Addresses by the stack pointer are aligned. The
 * layout of the structure is repeated in alignment.py.
 */
#include <stdint.h>

typedef struct {
  const uint16_t *code; /* a copy of the program's flash */
  uint64_t start, end;
  int (*read_register)(void *emulator, int number, void *value);
  void (*misaligned)(uint64_t address, uint32_t size, uint32_t is_write); /* Python: a fault */
  int32_t first_register; /* the emulator's number of r0 */
} Alignment;

static uint32_t read(const Alignment *a, void *emulator, uint32_t number) {
  uint32_t value = 0;
  a->read_register(emulator, a->first_register + (int)(number & 7), &value);
  return value;
}

#if defined(_WIN32)
__declspec(dllexport)
#else
__attribute__((visibility("default")))
#endif
void check_alignment(void *emulator, uint64_t pc, uint32_t size, const Alignment *a) {
  (void)size;
  if (pc < a->start || pc >= a->end) {
    return;
  }
  const uint32_t op = a->code[(pc - a->start) >> 1];
  uint32_t address, bytes, is_write;
  switch (op >> 12) {
    case 5: { /* register + register, bits 11 to 9: STR STRH STRB LDRSB LDR LDRH LDRB LDRSH */
      static const uint8_t sizes[8] = {4, 2, 1, 1, 4, 2, 1, 2};
      const uint32_t kind = op >> 9 & 7;
      bytes = sizes[kind];
      if (bytes == 1) {
        return;
      }
      is_write = kind < 2;
      address = read(a, emulator, op >> 3) + read(a, emulator, op >> 6);
      break;
    }
    case 6: /* register + number: STR, LDR */
      bytes = 4;
      is_write = !(op & 0x800);
      address = read(a, emulator, op >> 3) + (op >> 4 & 0x7c);
      break;
    case 8: /* STRH, LDRH */
      bytes = 2;
      is_write = !(op & 0x800);
      address = read(a, emulator, op >> 3) + (op >> 5 & 0x3e);
      break;
    case 12: /* STM, LDM */
      bytes = 4;
      is_write = !(op & 0x800);
      address = read(a, emulator, op >> 8);
      break;
    default:
      return;
  }
  if (address & (bytes - 1)) {
    a->misaligned(address, bytes, is_write);
  }
}
