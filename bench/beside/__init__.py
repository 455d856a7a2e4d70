"""Servers side by side: the same requests to each of them in turns, what these cost, and whether the answers agree."""
