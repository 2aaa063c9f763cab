"""From a network to NAME.c and NAME.h: memory plan, variants, text."""
