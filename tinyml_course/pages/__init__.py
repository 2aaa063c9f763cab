"""Pages to look at: one HTML file that opens offline, light and dark, on a phone and on paper."""
