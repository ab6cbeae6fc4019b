"""The tiny model of `train`, under the name by which tests know it."""

from train.tiny import CHATML, SPECIAL, model, save, tokenizer

__all__ = ["CHATML", "SPECIAL", "model", "save", "tokenizer"]
