#pragma once
#error "Seeed_FS.h: the card slot is on the real board, the virtual one has no file system: print to Serial instead"
