#pragma once
#error "SD.h: the virtual board has no card: print to Serial instead"
