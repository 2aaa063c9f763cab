#pragma once
#error "seeed_line_chart.h: the chart library is one of the real board, and was not tried here: draw lines with TFT_eSPI"
