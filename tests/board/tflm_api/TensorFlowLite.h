// The header that tells the Arduino IDE to build the library; it declares nothing by itself.
#pragma once
