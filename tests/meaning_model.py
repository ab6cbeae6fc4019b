"""A small real embedding model: words that mean the same have the same vector, others their own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from model2vec import StaticModel
from tokenizers import Regex, Tokenizer, models, pre_tokenizers

SYNONYMS = [
    "big large huge 大きい 巨大",
    "quick fast rapid 速い 迅速",
    "begin start commence 始める 開始",
    "automobile car 自動車 車",
    "physician doctor 医師 医者",
    "purchase buy 購入 買う",
    "child kid 子ども 児童",
    "home house 家 住宅",
]
OTHERS = (
    "how do i a an the is it what who when where why to of and in you go near not yes no old new "
    "river stone cloud bread market winter garden letter music window harbour boat wall "
    "どう なぜ いつ 誰 は が を に の です ます 川 石 雲 パン 市場 冬 庭 手紙 音楽 窓 港 船 壁"
)


def write_model(folder: Path, dimensions: int = 64) -> Path:
    """Write a model2vec model; a text is split at white space, Japanese texts too."""
    drawn = np.random.default_rng(7)
    vocabulary, vectors = {"[UNK]": 0}, [np.zeros(dimensions)]
    for group in [*SYNONYMS, *OTHERS.split()]:
        vector = drawn.standard_normal(dimensions)
        for word in group.split():
            vocabulary[word] = len(vocabulary)
            vectors.append(vector + 0.05 * drawn.standard_normal(dimensions))
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s.?!。？！]+"), "removed")
    model = StaticModel(np.array(vectors, np.float32), tokenizer, {"model_type": "model2vec"})
    model.save_pretrained(folder)
    return folder
