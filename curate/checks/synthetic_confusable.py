"""An answer that another instruction makes likelier than its own.

The instruction is held against the nearest others of its batch. One that comes second for its own
answer is too general, or has lost the point that sets this text apart; a model trained on such
pairs learns to answer a question near the one that was asked.
"""

from __future__ import annotations

import operator

from curate.checks.synthetic import doubt

CHECK = doubt(
    name="synthetic-confusable",
    says="another instruction makes the answer likelier",
    why=__doc__,
    number="rank",
    found="among {of} near instructions this one comes {value} for its answer",
    limit=1,
    wrong=operator.gt,
    beside=["of"],
)
