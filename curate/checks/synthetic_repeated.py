"""An instruction that is there already, nearly word for word.

Models that write many instructions fall into a few moulds. The same request twice with different
answers contradicts itself; with the same answer it weighs double. The number is the Jaccard
likeness of runs of three characters with the nearest prompt, among those that came before it in
its batch and those of the records that it was made beside.
"""

from __future__ import annotations

import operator

from curate.checks.synthetic import doubt

CHECK = doubt(
    name="synthetic-repeated",
    says="a nearly equal instruction is there already",
    why=__doc__,
    number="repeated",
    found="the nearest instruction that is there is {value} like this one; "
    "less than {limit} is wanted",
    limit=0.8,
    wrong=operator.ge,
)
