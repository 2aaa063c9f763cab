#pragma once
#error "Scheduler.h: threads are in the real core, the virtual one has none: use millis() in loop()"
