"""Prove: train the repaired data again beside a control, and say what the repair fixed."""
