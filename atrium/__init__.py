"""The composition root: how the parts of Atrium are put together and started."""
