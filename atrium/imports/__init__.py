"""Bringing in what other systems know: files are read, compared with what is stored, and written in one go."""
