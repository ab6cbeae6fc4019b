"""Kernel: what is counted for every byte of a data set, in C; one library, called by its functions.

`building` compiles it when curate is installed, `library` loads it. Each function has its home in
the Python module that its C file names, and that is what calls it.
"""
