"""An instruction written by a model that does not make its answer likelier.

A pair teaches something where the answer follows from what is asked. Where a model finds the answer
no likelier with the instruction than without it, the two hardly belong together: the instruction
asks for something else, or for nothing in particular. Trained on, the pair teaches to ignore the
question. The number is log p(answer | prompt) - log p(answer) for each token, under the weights
that scored it; weights that know little of a language say little about it.
"""

from __future__ import annotations

import operator

from curate.checks.synthetic import doubt

CHECK = doubt(
    name="synthetic-unhelped",
    says="the instruction does not make the answer likelier",
    why=__doc__,
    number="ifd_delta",
    found="the instruction changes the answer's log-likelihood by {value} a token; "
    "more than {limit} is wanted",
    limit=0.0,
    wrong=operator.le,
)
