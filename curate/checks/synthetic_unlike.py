"""An instruction that, asked alone, leads to quite another answer.

The model that wrote the instruction was asked it anew, without the text. Where what it says shares
next to nothing with the answer, the instruction leaves out what the answer rests on, and to train
on it teaches a model to make things up. The number is chrF, from 0 to 1; a good answer may be
worded differently, so only the very low end speaks against a pair.
"""

from __future__ import annotations

from curate.checks.synthetic import doubt

CHECK = doubt(
    name="synthetic-unlike",
    says="the instruction alone leads to quite another answer",
    why=__doc__,
    number="likeness",
    found="an answer to the instruction alone is {value} like this one (chrF); "
    "at least {limit} is wanted",
    limit=0.15,
)
