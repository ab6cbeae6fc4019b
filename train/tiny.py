"""Tiny: a random language model of two layers with a tokenizer of its own, made in a second.

It knows nothing; it shows that everything runs, in tests and demonstrations, without a download.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

CHATML = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\n' }}"
    "{% if message['role'] == 'assistant' %}"
    "{% generation %}{{ message['content'] + '<|im_end|>' }}{% endgeneration %}{{ '\n' }}"
    "{% else %}{{ message['content'] + '<|im_end|>\n' }}{% endif %}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
TEXTS = (
    "You are a helpful assistant. What is the capital of France? The capital is Paris.",
    "Below is an instruction that describes a task. Write a response. ### Instruction: ### End",
    "日本の首都はどこですか。日本の首都は東京です。ありがとうございます。",
    "system user assistant 0 1 2 3 4 5 6 7 8 9 SELECT * FROM t WHERE a = 1;",
)


def tokenizer() -> Any:
    """A byte-level BPE tokenizer: any text goes through it and comes back unchanged."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=512,
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator(TEXTS * 4, trainer)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=made,
        unk_token=SPECIAL[0],
        bos_token=SPECIAL[1],
        eos_token=SPECIAL[2],
        pad_token=SPECIAL[0],
        clean_up_tokenization_spaces=False,
    )
    fast.chat_template = CHATML
    return fast


def model(vocabulary: int, seed: int = 0) -> Any:
    """A random Llama of two layers, hidden size 64, which is the same for the same seed."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return LlamaForCausalLM(
            LlamaConfig(
                vocab_size=vocabulary,
                hidden_size=64,
                intermediate_size=128,
                num_hidden_layers=2,
                num_attention_heads=4,
                num_key_value_heads=2,
                max_position_embeddings=512,
                bos_token_id=1,
                eos_token_id=2,
                pad_token_id=0,
                tie_word_embeddings=False,
            )
        )


def save(folder: Path, seed: int = 0) -> Path:
    """Put the tiny model and its tokenizer into a folder that `from_pretrained` reads."""
    words = tokenizer()
    words.save_pretrained(folder)
    model(len(words), seed).save_pretrained(folder)
    return folder
