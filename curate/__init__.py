"""Curate the instruction data behind a fine-tuned language model, and prove that it got better."""

__version__ = "0.1.0"
