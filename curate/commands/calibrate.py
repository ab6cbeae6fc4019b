"""curate calibrate: from which cosine on two texts mean the same to an embedding model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from curate.commands import options


def calibrate(
    model: Annotated[
        str, typer.Argument(help="Folder of a model2vec or sentence-transformers model.")
    ],
    pairs: Annotated[
        Path, typer.Argument(help="CSV or JSON Lines of text1, text2 and same (true or false).")
    ],
    locale: options.Locale = "en",
) -> int:
    """Measure the threshold of semantic-duplicate on pairs that people labelled."""
    from curate.locale import translator
    from curate.meaning.labelled import labelled
    from curate.meaning.model import model_in
    from curate.meaning.threshold import FOUND, PRECISION, calibrated, recommended, similarities
    from curate.show import calibration
    from curate.show.numbers import number, percent

    t = translator(locale)
    judged, asked = labelled(pairs), model_in(model)
    found = calibrated(similarities(judged.pairs, asked), judged.labels)
    wanted = recommended(found)
    says = t("{name} (digest {digest}): {pairs} pairs, {same} the same")
    told = {"pairs": number(len(judged.pairs)), "same": number(sum(judged.labels))}
    typer.echo(says.format(name=asked.name, digest=asked.digest, **told))
    for line in calibration.table(found, wanted, t):
        typer.echo(line)
    says = t("A threshold must find {least} pairs or more, {share} of them right.")
    typer.echo(says.format(least=FOUND, share=percent(PRECISION)))
    if wanted is None:
        typer.echo(t("None does: more pairs are needed, or a model that tells them apart better."))
        return 1
    typer.echo(f"--set semantic-duplicate.model={model} \\")
    typer.echo(f"--set semantic-duplicate.threshold={wanted:.2f}")
    return 0
