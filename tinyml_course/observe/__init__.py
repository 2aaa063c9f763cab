"""Looking at things: plots, serial links, recorders."""
