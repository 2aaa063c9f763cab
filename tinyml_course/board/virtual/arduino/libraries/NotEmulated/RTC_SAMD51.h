#pragma once
#error "RTC_SAMD51.h: the clock chip is on the real board, the virtual one has only millis()"
