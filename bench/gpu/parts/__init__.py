"""One file a part: what it measures and why in its docstring, and `measure`, a row a case."""
