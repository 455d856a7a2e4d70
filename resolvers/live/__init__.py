"""Live streams: what one may follow, and how each event reaches all of this process who follow it."""
