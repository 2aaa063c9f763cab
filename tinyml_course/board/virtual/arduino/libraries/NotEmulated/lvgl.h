#pragma once
#error "lvgl.h: lvgl runs on the real board and was not tried here: draw with TFT_eSPI"
