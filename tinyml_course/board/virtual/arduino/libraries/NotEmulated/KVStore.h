#pragma once
#error "KVStore.h: the store of keys is in the real core, the virtual Nano has the flash below it: FlashIAP.h"
