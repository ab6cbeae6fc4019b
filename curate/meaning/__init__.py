"""Sameness of meaning: a local embedding model, neighbours, and a threshold calibrated for it."""
