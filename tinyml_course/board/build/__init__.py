"""From sources to a linked program: the tool chain and the Arduino sketch."""
