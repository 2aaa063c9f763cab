/* Functions that Arduino's cores have beside those of <stdlib.h>. */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif
char *itoa(int value, char *text, int base);
char *ltoa(long value, char *text, int base);
char *utoa(unsigned int value, char *text, int base);
char *ultoa(unsigned long value, char *text, int base);
/* `decimals` digits behind the point, at least `width` characters; a negative width fills behind,
 * but not on the ESP32, which rounds in its own way, too. */
#ifdef ARDUINO_ARCH_ESP32
char *lltoa(long long value, char *text, int base);
char *ulltoa(unsigned long long value, char *text, int base);
char *dtostrf(double value, signed int width, unsigned int decimals, char *text);
#else
char *dtostrf(double value, signed char width, unsigned char decimals, char *text);
#endif
#ifdef __cplusplus
}
#endif
