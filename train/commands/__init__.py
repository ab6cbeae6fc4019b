"""Commands: words in, one library call, words out; nothing heavy loads before one is run."""
