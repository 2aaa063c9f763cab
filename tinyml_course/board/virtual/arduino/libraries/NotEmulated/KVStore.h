#pragma once
#error "KVStore.h: flash storage is in the real core, the virtual one forgets everything at power-on: keep values in RAM"
