"""Language-model help: what a model writes or says is evidence and candidates, never a decision."""
