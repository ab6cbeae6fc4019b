"""An instruction in another language than its answer.

Small models slip into English when they are asked about a Japanese text. A model trained on such
pairs answers in the wrong language, which users notice at once and nothing else measures.
"""

from __future__ import annotations

from curate.checks.synthetic import doubt

CHECK = doubt(
    name="synthetic-other-language",
    says="instruction and answer are in different languages",
    why=__doc__,
    number="same_language",
    found="instruction and answer are in different languages",
)
