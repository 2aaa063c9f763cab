#pragma once
#error "seeed_histogram.h: the chart library is one of the real board, and was not tried here: draw rectangles with TFT_eSPI"
