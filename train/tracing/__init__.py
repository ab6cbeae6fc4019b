"""Tracing: what a run keeps of its records, so that a wrong answer leads back to them."""
