#pragma once
#include "FlashAsEEPROM.h"
