"""Figures: counts, and ratios inside one run, which are the ones to trust on a shared machine."""
