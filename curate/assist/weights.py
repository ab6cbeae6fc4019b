"""Weights: a causal language model in a folder on this machine; it answers, and it scores.

Scores are mean log-likelihoods a token (natural logarithm) of an answer under the model's own chat
template, with a prompt or with none. Nothing is loaded from anywhere else.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

from curate.assist.grammar import Grammar
from curate.assist.question import NoModel, Question, Reply
from curate.errors import MissingExtra

MOST_PROMPT, MOST_ANSWER = 768, 256  # tokens that are looked at when scoring
TOKENS_AT_ONCE = 4096
DIGEST_BLOCK = 1 << 22

Scored = tuple[str, str]
"""(prompt, answer); the prompt may be empty."""


class Weights:
    """A model and its tokenizer, loaded when first needed."""

    def __init__(self, folder: Path, device: str | None = None) -> None:
        if not (folder / "config.json").is_file():
            raise NoModel(
                f"{folder} holds no model: it needs config.json, a tokenizer and *.safetensors, "
                "as save_pretrained writes them"
            )
        self.folder = folder
        self.name = f"{folder.name} {digest(folder)}"
        self._device = device
        self._loaded: tuple[Any, Any] | None = None
        self._held: Grammar | None = None
        self._lock = threading.RLock()

    def scores(
        self, pairs: Sequence[Scored], advance: Callable[[int], None] | None = None
    ) -> list[float]:
        """The mean log-likelihood of each answer given its prompt, in the order of the pairs."""
        model, tokenizer = self._ready()
        encoded = [encoded_pair(tokenizer, *pair) for pair in pairs]
        order = sorted(range(len(pairs)), key=lambda i: len(encoded[i][0]), reverse=True)
        found = [0.0] * len(pairs)
        for batch in batches(order, [len(ids) for ids, _ in encoded]):
            values = answer_likelihoods(model, [encoded[i] for i in batch])
            for at, value in zip(batch, values, strict=True):
                found[at] = value
            if advance is not None:
                advance(len(batch))
        return found

    def reply(self, question: Question, attempt: int) -> Reply:
        """What the model says, one question at a time, in the shape that is asked for."""
        import torch

        model, tokenizer = self._ready()
        ids = token_ids(tokenizer, [{"role": r, "content": text} for r, text in question.messages])
        asked = torch.tensor([ids], device=model.device)
        sampled = question.temperature > 0
        chosen = {"do_sample": True, "temperature": question.temperature} if sampled else {}
        with self._lock, torch.inference_mode():
            held = self._grammar().holding(question.shape) if question.shape else []
            torch.manual_seed(question.seed + attempt)
            out = model.generate(
                input_ids=asked,
                attention_mask=torch.ones_like(asked),
                max_new_tokens=question.most_tokens,
                pad_token_id=tokenizer.pad_token_id or tokenizer.eos_token_id,
                logits_processor=held,
                **(chosen or {"do_sample": False}),
            )
        new = out[0, len(ids) :].tolist()
        text = tokenizer.decode(new, skip_special_tokens=True)
        return Reply(text, len(ids), len(new), cut=len(new) >= question.most_tokens)

    def _grammar(self) -> Grammar:
        if self._held is None:
            self._held = Grammar(*self._ready())
        return self._held

    def _ready(self) -> tuple[Any, Any]:
        with self._lock:
            if self._loaded is None:
                self._loaded = loaded(self.folder, self._device)
            return self._loaded


def loaded(folder: Path, device: str | None) -> tuple[Any, Any]:
    """Model and tokenizer; MissingExtra or NoModel where they cannot be had."""
    try:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer
        from transformers.utils import logging
    except ImportError as error:
        raise MissingExtra("a model on this machine", "weights") from error
    logging.disable_progress_bar()  # it draws over the one that says how far the questions are
    on = device or ("cuda" if torch.cuda.is_available() else "cpu")
    kind = torch.float32 if on == "cpu" else torch.bfloat16
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        model: Any = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True, dtype=kind)
    except (OSError, ValueError) as error:
        raise NoModel(f"{folder} cannot be loaded: {error}") from error
    return model.to(on).eval(), tokenizer


def token_ids(tokenizer: Any, messages: Sequence[dict[str, str]]) -> list[int]:
    """The conversation up to where the assistant speaks."""
    if tokenizer.chat_template is None:
        text = "".join(f"{said['content']}\n\n" for said in messages)
        return list(tokenizer(text)["input_ids"])
    found = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_dict=True)
    return list(found["input_ids"])


def encoded_pair(tokenizer: Any, prompt: str, answer: str) -> tuple[list[int], int]:
    """Tokens of prompt and answer, and how many of them are the answer's."""
    before = token_ids(tokenizer, [{"role": "user", "content": prompt}])
    said = tokenizer(answer, add_special_tokens=False)["input_ids"][:MOST_ANSWER]
    if len(before) > MOST_PROMPT:  # its beginning and its end: the template's signs stand there
        before = before[: MOST_PROMPT // 2] + before[-MOST_PROMPT // 2 :]
    return [*before, *said], len(said)


def batches(order: Sequence[int], lengths: Sequence[int]) -> list[list[int]]:
    """Numbers in portions whose padded size is bounded; the longest come first."""
    portions: list[list[int]] = []
    for at in order:
        longest = lengths[portions[-1][0]] if portions else 0
        if not portions or longest * (len(portions[-1]) + 1) > TOKENS_AT_ONCE:
            portions.append([])
        portions[-1].append(at)
    return portions


def answer_likelihoods(model: Any, batch: Sequence[tuple[list[int], int]]) -> list[float]:
    """Mean log-likelihood a token of each answer; logits are made for answers only."""
    import torch

    longest = max(len(ids) for ids, _ in batch)
    ids = torch.tensor([said + [0] * (longest - len(said)) for said, _ in batch])
    seen = torch.tensor([[1] * len(said) + [0] * (longest - len(said)) for said, _ in batch])
    ids, seen = ids.to(model.device), seen.to(model.device)
    values = []
    with torch.inference_mode():
        hidden = model.get_decoder()(input_ids=ids, attention_mask=seen).last_hidden_state
        for row, (said, count) in enumerate(batch):
            end = len(said)
            states = hidden[row, end - count - 1 : end - 1]
            logits = model.get_output_embeddings()(states).float()
            wanted = ids[row, end - count : end]
            each = torch.log_softmax(logits, -1).gather(-1, wanted[:, None])
            values.append(float(each.mean()) if count else 0.0)
    return values


def digest(folder: Path) -> str:
    """Equal for folders with the same files: other weights are another model."""
    hashed = blake2b(digest_size=6)
    for file in sorted(folder.iterdir()):
        if file.suffix in (".json", ".safetensors", ".jinja") and file.is_file():
            hashed.update(file.name.encode())
            with file.open("rb") as opened:
                while block := opened.read(DIGEST_BLOCK):
                    hashed.update(block)
    return hashed.hexdigest()
