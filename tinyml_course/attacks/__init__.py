"""What lesson 19 tries on the course's own models and virtual boards, to see which defence holds.

readout    models in a dump of flash
nudge      the smallest change of a sensor's values that changes an answer
"""
