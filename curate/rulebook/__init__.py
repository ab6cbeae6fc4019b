"""Rules as data: their files, their patterns, their examples, and the checks made of them."""
