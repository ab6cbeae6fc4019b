"""Rules as data: one file is one pack; each rule carries the examples that are its tests."""
