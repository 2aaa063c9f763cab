#pragma once
#error "ArduinoBLE.h: Bluetooth is on the real board, the virtual one has no radio: print to Serial instead"
