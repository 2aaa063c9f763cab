#pragma once
#error "rpcBLEDevice.h: Bluetooth is on the real board, the virtual one has no radio: print to Serial instead"
