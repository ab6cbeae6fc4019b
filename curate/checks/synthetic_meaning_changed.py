"""A paraphrase that lost or added a name, a number or a date.

The answer stayed as it was, so an instruction that now asks about another year, place or person
has a wrong answer, and reads as well as a right one. Compared are names, links, quotations, numbers
and dates; a meaning that changed without any of these goes unseen.
"""

from __future__ import annotations

from curate.checks.synthetic import doubt

CHECK = doubt(
    name="synthetic-meaning-changed",
    says="a paraphrase lost or added a name, a number or a date",
    why=__doc__,
    number="kept_facts",
    found="the paraphrase lost or added: {changed}",
    beside=["changed"],
)
