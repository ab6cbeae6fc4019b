"""A paraphrase, or a rewritten answer, that lost or added a name, a number or a date.

An instruction that now asks about another year, place or person has a wrong answer, and an answer
that states what its text did not is made up; both read as well as right ones. Compared are names,
links, quotations, numbers and dates; a meaning that changed without any of these goes unseen.
"""

from __future__ import annotations

from curate.checks.synthetic import doubt

CHECK = doubt(
    name="synthetic-meaning-changed",
    says="what a model wrote anew lost or added a name, a number or a date",
    why=__doc__,
    number="kept_facts",
    found="written anew, it lost or added: {changed}",
    beside=["changed"],
)
