"""Export: what review decided, applied: the approved snapshot, its ledger and its card.

    kept = approve(open_review(workspace), workspace, Terms(seed=7))

`manifest` alone is light enough for a machine that only trains.
"""
