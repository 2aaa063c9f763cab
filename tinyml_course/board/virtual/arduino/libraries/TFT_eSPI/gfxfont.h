// The free fonts' names. A font is its number here: the host has the letters and their widths.
#pragma once
#include <stdint.h>

typedef struct {
  uint16_t number;  // family * 16 + size, from 0x100 on
} GFXfont;

static const GFXfont FreeMono9pt7b = {0x100};
static const GFXfont FreeMono12pt7b = {0x101};
static const GFXfont FreeMono18pt7b = {0x102};
static const GFXfont FreeMono24pt7b = {0x103};
static const GFXfont FreeMonoBold9pt7b = {0x110};
static const GFXfont FreeMonoBold12pt7b = {0x111};
static const GFXfont FreeMonoBold18pt7b = {0x112};
static const GFXfont FreeMonoBold24pt7b = {0x113};
static const GFXfont FreeSans9pt7b = {0x120};
static const GFXfont FreeSans12pt7b = {0x121};
static const GFXfont FreeSans18pt7b = {0x122};
static const GFXfont FreeSans24pt7b = {0x123};
static const GFXfont FreeSansBold9pt7b = {0x130};
static const GFXfont FreeSansBold12pt7b = {0x131};
static const GFXfont FreeSansBold18pt7b = {0x132};
static const GFXfont FreeSansBold24pt7b = {0x133};
static const GFXfont FreeSerif9pt7b = {0x140};
static const GFXfont FreeSerif12pt7b = {0x141};
static const GFXfont FreeSerif18pt7b = {0x142};
static const GFXfont FreeSerif24pt7b = {0x143};
static const GFXfont FreeSerifBold9pt7b = {0x150};
static const GFXfont FreeSerifBold12pt7b = {0x151};
static const GFXfont FreeSerifBold18pt7b = {0x152};
static const GFXfont FreeSerifBold24pt7b = {0x153};
static const GFXfont FreeMonoOblique9pt7b = {0x100};
static const GFXfont FreeMonoOblique12pt7b = {0x101};
static const GFXfont FreeMonoOblique18pt7b = {0x102};
static const GFXfont FreeMonoOblique24pt7b = {0x103};
static const GFXfont FreeMonoBoldOblique9pt7b = {0x110};
static const GFXfont FreeMonoBoldOblique12pt7b = {0x111};
static const GFXfont FreeMonoBoldOblique18pt7b = {0x112};
static const GFXfont FreeMonoBoldOblique24pt7b = {0x113};
static const GFXfont FreeSansOblique9pt7b = {0x120};
static const GFXfont FreeSansOblique12pt7b = {0x121};
static const GFXfont FreeSansOblique18pt7b = {0x122};
static const GFXfont FreeSansOblique24pt7b = {0x123};
static const GFXfont FreeSansBoldOblique9pt7b = {0x130};
static const GFXfont FreeSansBoldOblique12pt7b = {0x131};
static const GFXfont FreeSansBoldOblique18pt7b = {0x132};
static const GFXfont FreeSansBoldOblique24pt7b = {0x133};
static const GFXfont FreeSerifItalic9pt7b = {0x140};
static const GFXfont FreeSerifItalic12pt7b = {0x141};
static const GFXfont FreeSerifItalic18pt7b = {0x142};
static const GFXfont FreeSerifItalic24pt7b = {0x143};
static const GFXfont FreeSerifBoldItalic9pt7b = {0x150};
static const GFXfont FreeSerifBoldItalic12pt7b = {0x151};
static const GFXfont FreeSerifBoldItalic18pt7b = {0x152};
static const GFXfont FreeSerifBoldItalic24pt7b = {0x153};
