"""Meaning: texts as vectors, made by an embedding model that lies in a folder on this machine.

A folder of model2vec, or of a sentence-transformers model that is a table of word vectors, is read
by model2vec and needs no torch; any other sentence-transformers folder is read by that library.
Nothing is ever downloaded: what is no folder is no model.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from curate.errors import BadSetting, MissingExtra
from curate.snapshot import digest

Vectors = npt.NDArray[np.float16]
"""One row a text, of length 1; a row of zeros where the model knows no word of the text."""

Encode = Callable[[Sequence[str]], npt.NDArray[Any]]

EXPECTED = "expected a folder of a model2vec or sentence-transformers model"
AT_ONCE = 4_096  # texts; libraries hold their vectors in twice or four times the memory
TABLE_MODULES = {"StaticEmbedding", "Normalize"}


class Model(NamedTuple):
    """An embedding model: its folder, and by what a report names it on any machine."""

    folder: Path
    digest: str  # of the names and bytes of its files

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.folder.name

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts."""
        if not texts:
            return self.vectors([""])[:0]
        encode = encoder(self.folder)
        starts = range(0, len(texts), AT_ONCE)
        return np.concatenate([unit(encode(texts[at : at + AT_ONCE])) for at in starts])


def model_in(path: str) -> Model:
    """The model in a folder; BadSetting where there is none, MissingExtra without its library."""
    folder = Path(path).expanduser().resolve()
    if not folder.is_dir():
        raise BadSetting(f"there is no folder {str(folder)!r}; {EXPECTED}")
    try:
        tried = np.asarray(encoder(folder)(["one text", "もう一つの文"]))
    except (BadSetting, MissingExtra):
        raise
    except Exception as error:  # the libraries raise whatever the broken file makes them raise
        raise BadSetting(f"cannot read {str(folder)!r} ({error}); {EXPECTED}") from error
    if tried.ndim != 2 or not np.isfinite(tried).all():
        raise BadSetting(f"the model in {str(folder)!r} gives no vector for a text; {EXPECTED}")
    return Model(folder, digest_of_all(folder))


@lru_cache(maxsize=1)
def encoder(folder: Path) -> Encode:
    """The model of a folder, loaded once a process."""
    if is_table(folder):
        return table_encoder(folder)
    if (folder / "modules.json").is_file():
        return sentence_encoder(folder)
    raise BadSetting(f"{str(folder)!r} holds no model; {EXPECTED}")


def is_table(folder: Path) -> bool:
    """Whether a model is nothing but a table of word vectors."""
    modules = folder / "modules.json"
    if modules.is_file():
        types = {module["type"].rpartition(".")[2] for module in json.loads(modules.read_bytes())}
        return types <= TABLE_MODULES
    config = folder / "config.json"
    return config.is_file() and json.loads(config.read_bytes()).get("model_type") == "model2vec"


def table_encoder(folder: Path) -> Encode:
    """By model2vec; a text is read to its end, however long it is."""
    try:
        from model2vec import StaticModel
    except ImportError as error:
        raise MissingExtra("reading a model2vec model", "meaning") from error
    model = StaticModel.from_pretrained(folder)
    return lambda texts: model.encode(texts, max_length=None, use_multiprocessing=False)


def sentence_encoder(folder: Path) -> Encode:
    """By sentence-transformers; a text is read as far as its model reads."""
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        part = "reading a sentence-transformers model"
        raise MissingExtra(part, "sentence-transformers") from error
    # On the processor, so that two machines come to the same vectors.
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    return lambda texts: np.asarray(model.encode(list(texts), show_progress_bar=False))


def unit(vectors: npt.NDArray[Any]) -> Vectors:
    """Rows of length 1; rows of zeros stay what they are."""
    exact = vectors.astype(np.float64)
    lengths = np.linalg.norm(exact, axis=1, keepdims=True)
    return (exact / np.where(lengths == 0, 1, lengths)).astype(np.float16)


def cosines(one: Vectors, other: Vectors) -> npt.NDArray[np.float64]:
    """The cosine of each row with the same row of the other, right to about 0.0005."""
    ours, theirs = one.astype(np.float64), other.astype(np.float64)
    lengths = np.linalg.norm(ours, axis=1) * np.linalg.norm(theirs, axis=1)
    products: npt.NDArray[np.float64] = (ours * theirs).sum(axis=1)
    return (products / np.where(lengths == 0, 1, lengths)).clip(-1, 1)


def digest_of_all(folder: Path) -> str:
    """BLAKE2b of the names and bytes of a folder's files, hidden ones aside."""
    hashed = blake2b(digest_size=16)
    for file in sorted(folder.rglob("*")):
        inside = file.relative_to(folder)
        if file.is_file() and not any(part.startswith(".") for part in inside.parts):
            hashed.update(f"{inside.as_posix()}\n{digest(file)}\n".encode())
    return hashed.hexdigest()
