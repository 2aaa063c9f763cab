#pragma once
#error "kvstore_global_api.h: the store of keys is in the real core, the virtual Nano has the flash below it: FlashIAP.h"
