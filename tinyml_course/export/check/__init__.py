"""Generated C, tried on this computer: built, called, compared byte by byte."""
