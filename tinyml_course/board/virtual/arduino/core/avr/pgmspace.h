// Sketches from the AVR boards include it by this name; the cores have it for them.
#pragma once
#include "../pgmspace.h"
