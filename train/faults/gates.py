"""Gates: what review found out about the records, held against what the recipe expects."""

from __future__ import annotations

from collections.abc import Iterator

from train.intent import Intent
from train.problem import Problem, warn

SUBJECT = "approval"
NEEDS = ("manifest",)

FEW = 20
"""Records from which a share of refusals says something."""


def find(intent: Intent) -> Iterator[Problem]:
    """Refusals, agreement, and what nobody decided."""
    assert intent.manifest is not None
    manifest, gates = intent.manifest, intent.recipe.gates
    share = manifest.get("refusal_share")
    limit = gates.refusal_share + gates.refusal_tolerance
    if share is not None and len(intent.records) >= FEW and share > limit:
        yield warn(
            "refusals",
            "{share} % of the answers refuse, where {expected} % are expected; the model will "
            "refuse as often",
            share=f"{share * 100:.1f}", expected=f"{gates.refusal_share * 100:g}",
        )  # fmt: skip
    agreement = (manifest.get("agreement") or {}).get("percent")
    if agreement is not None and agreement < gates.annotator_agreement:
        yield warn(
            "agreement",
            "reviewers agree on {agreement} % of the records, below {least} %: no model can be "
            "better than its yardstick",
            agreement=f"{agreement * 100:.0f}", least=f"{gates.annotator_agreement * 100:g}",
        )  # fmt: skip
    open_ = (manifest.get("undecided") or {}).get("error", 0)
    if open_:
        yield warn(
            "undecided",
            "{open} records with an error went along undecided; `curate review` shows them",
            open=open_,
        )
