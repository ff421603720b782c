"""Draws every picture of the demo newsroom in one flat editorial style."""
