#pragma once
#error "NanoBLEFlashPrefs.h: flash preferences are on the real board, the virtual one forgets everything at power-on: keep values in RAM"
