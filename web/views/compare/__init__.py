"""Two days, two places or two programmes side by side."""
