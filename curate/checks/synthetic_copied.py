"""An instruction that gives its answer away.

Asked for the question to a text, a small model likes to give back the text. A model trained on such
pairs learns to repeat what it was told. The number is the share of the instruction's runs of five
characters that stand in the answer too.
"""

from __future__ import annotations

import operator

from curate.checks.synthetic import doubt

CHECK = doubt(
    name="synthetic-copied",
    says="the instruction gives its answer away",
    why=__doc__,
    number="copied",
    found="{value} of the instruction stands in the answer; less than {limit} is wanted",
    limit=0.5,
    wrong=operator.ge,
)
