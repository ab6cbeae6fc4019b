"""Diffing: what is in one snapshot and not in another, and what changed between them, by words."""
