"""Memory: what training takes on a card, before a card is used.

All sizes are bytes. NF4 stores 64 weights with one 32-bit scale; double quantisation stores the
scale in 8 bits, and 256 scales with one of 32 bits (Dettmers et al. 2023). PEFT keeps what is not
quantised, and the adapter, in 32 bits. Activations are counted layer by layer, as transformers'
Llama keeps them for the backward pass with fused attention, which holds no score matrix.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from train.parameters import PROMPTS, Layout
from train.recipe import Recipe

GB = 1_000_000_000
CARDS = (16, 24, 40, 80, 141)
"""Memory of common cards in GB."""
METHODS = ("full", "lora", "lora8", "qlora", "inference")
"""Four ways to train, and answering with 16-bit weights."""
USABLE = 0.95
"""Of a card; the rest is lost between blocks of the allocator."""
CONTEXT = 1_400_000_000
"""Driver, libraries and workspaces, before the first weight."""

NF4 = 0.5 + 4 / 64
NF4_DOUBLE = 0.5 + 1 / 64 + 4 / (64 * 256)
INT8 = 1.0
CHUNK = 256
"""Tokens whose logits are there at a time where the loss is chunked."""
LOGIT = 12
"""Bytes a logit takes: in 16 bits, in 32 bits, its gradient in 32 and in 16 bits."""


@dataclass(frozen=True, slots=True)
class Load:
    """What fills a card, in bytes."""

    weights: int
    adapter: int
    gradients: int
    optimiser: int
    activations: int
    logits: int
    context: int = CONTEXT

    @property
    def total(self) -> int:
        """All of it at its peak."""
        parts = self.weights + self.adapter + self.gradients + self.optimiser
        return parts + self.activations + self.logits + self.context


@dataclass(frozen=True, slots=True)
class Work:
    """One forward and backward pass: rows at once, tokens in each, and how it is done."""

    rows: int
    length: int
    checkpointing: bool = False

    @property
    def tokens(self) -> int:
        """Of all rows together."""
        return self.rows * self.length


@dataclass(frozen=True, slots=True)
class Change:
    """A setting to change where a method does not fit."""

    setting: str
    saves: int
    """Bytes, where nothing else is changed."""
    alone: bool
    """Whether that is enough."""
    by_then: bool
    """Whether it is enough with all changes before it."""


@dataclass(frozen=True, slots=True)
class Fit:
    """One method on one card: its bytes with what the recipe leaves open, and what to change."""

    bytes: int
    fits: bool
    checkpointing: bool
    change: tuple[Change, ...] = ()
    """To be made in this order until it fits: what costs least quality comes first."""


def load(layout: Layout, recipe: Recipe, method: str, work: Work) -> Load:
    """What a method takes for one pass."""
    if method == "inference":
        return answering(layout, work)
    full = method == "full"
    trained = layout.total if full else trained_by(layout, recipe)
    states = 2 if "8bit" in eight_bit(recipe) else 8 if not full else 4
    return Load(
        weights=weights(layout, recipe, method),
        adapter=0 if full else 4 * trained,
        gradients=(2 if full else 4) * trained,
        optimiser=states * trained,
        activations=activations(layout, recipe, method, work),
        logits=logits(layout, recipe, work),
    )


def answering(layout: Layout, work: Work) -> Load:
    """What 16-bit weights take that write answers: keys and values stay, nothing else does."""
    kept = 2 * 2 * layout.key_values * layout.layers * work.tokens
    return Load(2 * layout.total, 0, 0, 0, kept, 2 * layout.vocabulary * work.rows)


def trained_by(layout: Layout, recipe: Recipe) -> int:
    """Parameters of the recipe's adapter, of a default one where it has none."""
    adapter = recipe.adapter
    return layout.trainable(
        adapter.model_copy(update={"type": "lora"}) if adapter.type == "none" else adapter
    )


def eight_bit(recipe: Recipe) -> str:
    """The optimiser a card would use."""
    asked = recipe.training.optimizer
    return "paged_adamw_8bit" if asked == "auto" else asked


def weights(layout: Layout, recipe: Recipe, method: str) -> int:
    """The base as it is stored."""
    rest = layout.total - layout.quantisable
    if method in ("full", "lora"):
        return 2 * layout.total
    nf4 = NF4_DOUBLE if recipe.model.quantization.double else NF4
    return int(layout.quantisable * (INT8 if method == "lora8" else nf4)) + 4 * rest


def activations(layout: Layout, recipe: Recipe, method: str, work: Work) -> int:
    """What is kept of a forward pass; with checkpointing each layer's input and one layer whole."""
    stream = 2 if method in ("full", "lora") else 4  # PEFT's 32-bit embeddings make a 32-bit stream
    kept = inside(layout, recipe, method)
    if work.checkpointing:
        return work.tokens * (stream * layout.hidden * layout.layers + kept)
    return work.tokens * kept * layout.layers


def inside(layout: Layout, recipe: Recipe, method: str) -> int:
    """Bytes that one layer keeps of one token."""
    hidden, wide, narrow = layout.hidden, layout.feed_forward, layout.key_values
    norms = 2 * 4 * hidden
    attention = 2 * (2 * hidden + 2 * narrow)
    feed_forward = 2 * 3 * wide
    return norms + attention + feed_forward + beside(layout, recipe, method)


def beside(layout: Layout, recipe: Recipe, method: str) -> int:
    """Bytes of a token that one layer keeps as inputs of what is trained in it."""
    if method == "full":  # one copy for q, k and v, one for gate and up, one for down
        return 2 * (2 * layout.hidden + layout.feed_forward)
    if recipe.adapter.type in PROMPTS:
        return 0
    lora = recipe.adapter.lora_target_modules
    inputs = sum(linear.inputs for linear in layout.targets(lora) if linear.kind != "lm_head")
    return 2 * inputs // layout.layers


def logits(layout: Layout, recipe: Recipe, work: Work) -> int:
    """Logits that are there at once; all of them where the loss cannot be chunked."""
    whole = (
        recipe.training.loss_function == "nll"
        or recipe.adapter.lora_target_modules == "all-linear+head"
    )
    return LOGIT * layout.vocabulary * (work.tokens if whole else min(CHUNK, work.tokens))


def fit(layout: Layout, recipe: Recipe, method: str, card: int, work: Work) -> Fit:
    """Whether a method fits a card of so many GB, with checkpointing where that is left open."""
    room = int(card * GB * USABLE)
    asked = recipe.model.gradient_checkpointing
    if method == "inference":
        needed = load(layout, recipe, method, work).total
        return Fit(needed, needed <= room, False)
    plain = load(layout, recipe, method, replace(work, checkpointing=asked is True)).total
    if plain <= room or asked is not True and asked != "auto":
        needed, checkpointing = plain, asked is True
    else:
        checkpointing = True
        needed = load(layout, recipe, method, replace(work, checkpointing=True)).total
    fits = needed <= room
    done = replace(work, checkpointing=checkpointing)
    change = () if fits else changes(layout, recipe, method, done, room)
    return Fit(needed, fits, checkpointing, change)


def changes(
    layout: Layout, recipe: Recipe, method: str, work: Work, room: int
) -> tuple[Change, ...]:
    """What saves memory, cheapest in quality first, and whether it is enough for so many bytes."""

    def total(way: Way) -> int:
        return load(layout, recipe, *way).total

    made, now = [], total((method, work))
    so_far = (method, work)
    for setting, change in ways(method, work):
        alone = total(change((method, work)))
        if alone < now:
            so_far = change(so_far)
            made.append(Change(setting, now - alone, alone <= room, total(so_far) <= room))
    return tuple(made)


Way = tuple[str, Work]
"""A method, and the work that it does at once."""


def ways(method: str, work: Work) -> list[tuple[str, Callable[[Way], Way]]]:
    """Settings, and what each makes of a way."""
    fewer_bits = "--recipe qlora-all-linear" if method == "full" else "model.quantization.type=nf4"
    half = max(8, work.length // 2)
    return [
        ("model.gradient_checkpointing=true", lambda w: (w[0], replace(w[1], checkpointing=True))),
        (
            f"training.batch_size=1 training.grad_accumulation={work.rows}",
            lambda w: (w[0], replace(w[1], rows=1)),
        ),
        (fewer_bits, lambda w: ("qlora", w[1])),
        (f"tokenizer.max_length={half}", lambda w: (w[0], replace(w[1], length=half))),
    ]


def table(layout: Layout, recipe: Recipe, work: Work) -> dict[str, dict[int, Fit]]:
    """Method → card in GB → whether and how it fits."""
    return {
        method: {card: fit(layout, recipe, method, card, work) for card in CARDS}
        for method in METHODS
    }
