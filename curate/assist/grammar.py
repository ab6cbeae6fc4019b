"""Grammar: holds a model on this machine to the JSON that is asked for, token by token.

What cannot continue a right answer gets no chance, and after the last bracket the model has to end:
small models would otherwise seldom give JSON, and write on until their tokens are spent.
"""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel

from curate.errors import MissingExtra

CONTROL = re.compile(rb"[\x00-\x1f]")


class Grammar:
    """For one model and its tokenizer; schemas are compiled once."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        """MissingExtra where xgrammar is not installed."""
        try:
            from xgrammar import GrammarCompiler, TokenizerInfo
        except ImportError as error:
            raise MissingExtra("JSON from a model on this machine", "weights") from error
        ends = model.generation_config.eos_token_id
        told = TokenizerInfo.from_huggingface(
            tokenizer, vocab_size=model.config.vocab_size, stop_token_ids=ends
        )
        self._compiler = GrammarCompiler(told)
        # JSON has none of these in a text; the grammar of a text of limited length lets them in.
        self._never = [
            number for number, token in enumerate(told.decoded_vocab) if CONTROL.search(token)
        ]
        self._device = model.device

    def holding(self, shape: type[BaseModel]) -> list[Any]:
        """What `generate` takes as logits processors, for one answer."""
        from transformers import SuppressTokensLogitsProcessor
        from xgrammar.contrib.hf import LogitsProcessor

        # Without white space of its own choice: a small model would choose it without end.
        grammar = self._compiler.compile_json_schema(shape, any_whitespace=False)
        never = SuppressTokensLogitsProcessor(self._never, device=self._device)
        return [LogitsProcessor(grammar), never]
