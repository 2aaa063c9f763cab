// Seeed Wio Terminal. The numbers are this virtual board's; sketches use the names.
#pragma once
#define LED_BUILTIN (13ul)  // active high, on the back
#define A0 (67ul)
#define A1 (68ul)
#define A2 (69ul)
#define A3 (70ul)
#define WIO_LIGHT (75ul)
#define WIO_MIC (76ul)
#define WIO_BUZZER (12ul)
#define WIO_KEY_A (28ul)  // keys and switch: INPUT_PULLUP, LOW = pressed
#define WIO_KEY_B (29ul)
#define WIO_KEY_C (30ul)
#define WIO_5S_UP (31ul)
#define WIO_5S_LEFT (32ul)
#define WIO_5S_RIGHT (33ul)
#define WIO_5S_DOWN (34ul)
#define WIO_5S_PRESS (35ul)
