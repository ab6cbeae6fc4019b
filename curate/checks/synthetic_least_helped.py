"""An instruction that helps its answer less than nearly all others made with it.

How much an instruction helps depends on the weights that score and on the kind of text, so no one
number fits every batch. The last tenth of a batch is where its guesses are weakest, whatever the
level of the rest: vague instructions, and answers that could follow nearly anything.
"""

from __future__ import annotations

from curate.checks.synthetic import doubt

CHECK = doubt(
    name="synthetic-least-helped",
    says="the instruction helps its answer less than nearly all others of its batch",
    why=__doc__,
    number="ifd_place",
    found="of its batch only {value} are helped less by their instruction; "
    "at least {limit} is wanted",
    limit=0.1,
)
