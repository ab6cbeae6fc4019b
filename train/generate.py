"""Generate: answers to prompts, and the loss of given answers, in batches that always fit.

A batch that memory has no room for is halved, down to one prompt. Prompts are padded on the left,
so that answers start at one place, and logits are asked for only from there on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from train.errors import BadModel

if TYPE_CHECKING:
    import torch

GREEDY: Mapping[str, Any] = {
    "do_sample": False, "num_beams": 1, "temperature": 1.0, "min_new_tokens": 0,
    "repetition_penalty": 1.0,
}  # fmt: skip
"""What holds unless a chat says otherwise, whatever the model's own settings say."""

TAIL_TOKENS = 8  # beyond a stop string's bytes; decoded at every step to look for it

T = TypeVar("T")
R = TypeVar("R")


class Encoded(Protocol):
    """A record as tokens, and which of them are learnt; `train.template` makes them."""

    @property
    def ids(self) -> Sequence[int]: ...
    @property
    def trained(self) -> Sequence[bool]: ...


@dataclass(frozen=True, slots=True)
class Generated:
    """What a model wrote, without the stop string; whether it stopped by itself."""

    text: str
    reached_stop: bool


def generate(
    model: Any,
    tokenizer: Any,
    prompts: Sequence[Sequence[int]],
    *,
    stops: Sequence[str],
    max_new_tokens: int,
    batch_size: int,
    options: Mapping[str, Any] = GREEDY,
) -> list[Generated]:
    """An answer to each prompt, in the order of the prompts; greedy unless `options` differ."""
    chosen = {**GREEDY, **options}
    if not chosen["do_sample"]:
        chosen["temperature"] = 1.0  # it means nothing then, and the library says so at length

    def write(some: Sequence[Sequence[int]]) -> list[Generated]:
        return _written(model, tokenizer, some, stops, max_new_tokens, chosen)

    with resting(model):
        return in_batches(prompts, batch_size, write, cost=len, even=adds_tokens(model))


def answer_losses(
    model: Any, tokenizer: Any, encoded: Sequence[Encoded], batch_size: int
) -> list[float]:
    """Mean loss in nats over the learnt tokens of each record; NaN where there is none."""

    def measure(some: Sequence[Encoded]) -> list[float]:
        return [float(-chances.mean()) for chances in answer_chances(model, tokenizer, some)]

    with resting(model):
        return in_batches(
            encoded, batch_size, measure, cost=lambda one: len(one.ids), even=adds_tokens(model)
        )


def answer_chances(model: Any, tokenizer: Any, some: Sequence[Encoded]) -> Iterator[torch.Tensor]:
    """Log probability of each learnt token, record by record; one batch."""
    import torch

    for one, logits in zip(some, answer_logits(model, tokenizer, some), strict=True):
        start = len(one.ids) - len(logits)
        targets = torch.tensor(one.ids[start:], dtype=torch.long, device=logits.device)
        learnt = torch.tensor(one.trained[start:], dtype=torch.bool, device=logits.device)
        rows, wanted = logits[learnt].float(), targets[learnt]
        yield torch.log_softmax(rows, dim=-1).gather(1, wanted[:, None])[:, 0]


def answer_logits(model: Any, tokenizer: Any, some: Sequence[Encoded]) -> Iterator[torch.Tensor]:
    """For each record the logits that predict its tokens from the first learnt one on."""
    spans = [_from_first_learnt(one) for one in some]
    keep = max(spans) + 1
    batch = padded(model, tokenizer, [one.ids for one in some])
    logits = model(**batch, **positions(model, batch), logits_to_keep=keep, use_cache=False).logits
    for row, span in zip(logits, spans, strict=True):
        yield row[len(row) - 1 - span : len(row) - 1]


def in_batches(
    many: Sequence[T],
    size: int,
    work: Callable[[Sequence[T]], list[R]],
    cost: Callable[[T], int],
    even: bool = False,
) -> list[R]:
    """The work done on all, like sizes together, the largest first so that memory fails early.

    With `even` a batch holds one size only, so that nothing in it is padded.
    """
    import torch

    order = sorted(range(len(many)), key=lambda n: -cost(many[n]))
    done: dict[int, R] = {}
    at, size = 0, max(1, size)
    while at < len(order):
        some = order[at : at + size]
        if even:
            some = [n for n in some if cost(many[n]) == cost(many[some[0]])]
        try:
            done |= zip(some, work([many[n] for n in some]), strict=True)
        except (torch.OutOfMemoryError, MemoryError) as error:
            if len(some) == 1:
                raise BadModel(
                    f"no memory for one record of {cost(many[some[0]])} tokens; shorten "
                    "tokenizer.max_length or evaluate.generation.max_new_tokens"
                ) from error
            size = len(some) // 2
        else:
            at += len(some)
        if size < len(some) and torch.cuda.is_available():
            torch.cuda.empty_cache()
    return [done[n] for n in range(len(many))]


@contextmanager
def resting(model: Any) -> Iterator[None]:
    """Without dropout and gradients; the model goes on training afterwards if it did before."""
    import torch

    before = model.training
    model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        model.train(before)


def padded(model: Any, tokenizer: Any, rows: Sequence[Sequence[int]]) -> dict[str, torch.Tensor]:
    """input_ids and attention_mask, padded on the left."""
    import torch

    width = max(map(len, rows))
    pad = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else 0
    ids = [[pad] * (width - len(row)) + list(row) for row in rows]
    mask = [[0] * (width - len(row)) + [1] * len(row) for row in rows]
    return {
        "input_ids": torch.tensor(ids, device=model.device),
        "attention_mask": torch.tensor(mask, device=model.device),
    }


def positions(model: Any, batch: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Places counted from the first real token; adapters that add tokens count for themselves."""
    if adds_tokens(model):
        return {}
    return {"position_ids": (batch["attention_mask"].cumsum(-1) - 1).clamp(min=0)}


def adds_tokens(model: Any) -> bool:
    """Whether the adapter puts tokens before the prompt; padding would stand between the two."""
    config = getattr(model, "active_peft_config", None)
    return config is not None and bool(config.is_prompt_learning)


def end_tokens(model: Any, tokenizer: Any, stops: Sequence[str]) -> list[int]:
    """Tokens that end an answer: the tokenizer's, the model's, and stops that are one token."""
    own = getattr(model.generation_config, "eos_token_id", None)
    found = [tokenizer.eos_token_id, *(own if isinstance(own, list) else [own])]
    special = set(tokenizer.all_special_tokens)
    found += [tokenizer.convert_tokens_to_ids(stop) for stop in stops if stop in special]
    return sorted({one for one in found if one is not None})


def _written(
    model: Any,
    tokenizer: Any,
    prompts: Sequence[Sequence[int]],
    stops: Sequence[str],
    max_new_tokens: int,
    options: Mapping[str, Any],
) -> list[Generated]:
    from transformers import GenerationConfig

    batch = padded(model, tokenizer, prompts)
    ends = end_tokens(model, tokenizer, stops)
    pad = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else 0
    config = GenerationConfig(
        **{name: value for name, value in options.items() if name in GREEDY},
        max_new_tokens=max_new_tokens, eos_token_id=ends or None, pad_token_id=pad,
        use_cache=True,
    )  # fmt: skip
    start = batch["input_ids"].shape[1]
    texts = [stop for stop in stops if stop]
    watching = [_stopping(tokenizer, texts, start)] if texts else []
    out = model.generate(**batch, generation_config=config, stopping_criteria=watching)
    return [_read(tokenizer, row[start:].tolist(), ends, texts) for row in out]


def _read(
    tokenizer: Any, tokens: list[int], ends: Sequence[int], stops: Sequence[str]
) -> Generated:
    """The text up to the first end token or stop string."""
    end = next((n for n, token in enumerate(tokens) if token in ends), None)
    text = tokenizer.decode(tokens[:end], skip_special_tokens=False)
    found = [place for stop in stops if (place := text.find(stop)) >= 0]
    return Generated(text[: min(found)] if found else text, end is not None or bool(found))


def _stopping(tokenizer: Any, stops: Sequence[str], start: int) -> Any:
    """Ends each row once its text holds a stop string, however that is cut into tokens."""
    import torch
    from transformers import StoppingCriteria

    tail = max(len(stop.encode()) for stop in stops) + TAIL_TOKENS

    class Stopped(StoppingCriteria):
        def __call__(self, input_ids: Any, scores: Any, **_: Any) -> Any:
            ends = tokenizer.batch_decode(input_ids[:, max(start, input_ids.shape[1] - tail) :])
            found = [any(stop in text for stop in stops) for text in ends]
            return torch.tensor(found, device=input_ids.device)

    return Stopped()


def _from_first_learnt(one: Encoded) -> int:
    """How many tokens there are from the first learnt one on; the very first is not predicted."""
    first = next((n for n, learnt in enumerate(one.trained) if learnt), len(one.ids))
    return len(one.ids) - max(1, first)
