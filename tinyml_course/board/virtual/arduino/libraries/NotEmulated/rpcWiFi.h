#pragma once
#error "rpcWiFi.h: Wi-Fi is on the real board, the virtual one has no radio: print to Serial instead"
