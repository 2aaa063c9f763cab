#pragma once
#include "FlashStorage.h"
