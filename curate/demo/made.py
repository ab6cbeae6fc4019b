"""Pairs of the demo that a language model is said to have made, each weak in one number.

The model and its numbers are made up, as `curate backtranslate` and `paraphrase` write them; the
texts show what each number means.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

FILE = "made.jsonl"
WELL = {
    "ifd_delta": 0.71, "ifd_place": 0.5, "rank": 1, "of": 8, "likeness": 0.42, "copied": 0.12,
    "repeated": 0.2, "same_language": True,
}  # fmt: skip
AUTHOR = {"model": "demo-writer", "prompt_hash": "0" * 16, "parameters": {"temperature": 0.0}}

Weak = tuple[str, str, dict[str, Any], str, str]
"""Check, language, the numbers that speak against the pair, instruction, answer."""

PAIRS: list[Weak] = [
    ("synthetic", "en", {}, "How do I keep a cast iron pan from rusting?",
     "Dry it on the stove after washing, and rub a drop of oil into it while it is warm."),
    ("synthetic", "ja", {}, "鉄のフライパンを錆びさせないためにはどうすればよいですか。",
     "洗った後は火にかけて水気を飛ばし、温かいうちに油を薄く塗っておきましょう。"),
    ("synthetic-unhelped", "en", {"ifd_delta": -0.03}, "What is a good idea for the weekend?",
     "Turn the key twice to the left, then pull the drawer out by its lower edge."),
    ("synthetic-unhelped", "ja", {"ifd_delta": -0.03}, "週末におすすめのことは何ですか。",
     "鍵を左に二回まわし、引き出しの下の縁を持って手前に引いてください。"),
    ("synthetic-least-helped", "en", {"ifd_place": 0.02, "ifd_delta": 0.04}, "Tell me about paint.",
     "Two thin coats last longer than a thick one; let the first dry over night."),
    ("synthetic-least-helped", "ja", {"ifd_place": 0.02, "ifd_delta": 0.04}, "塗料について教えてください。",
     "厚く一度塗るより薄く二度塗るほうが長持ちします。一度目は一晩乾かします。"),
    ("synthetic-confusable", "en", {"rank": 4}, "How do I look after my plants?",
     "Orchids want their roots in light: choose a clear pot, and empty the saucer after watering."),
    ("synthetic-confusable", "ja", {"rank": 4}, "植物の世話はどうすればよいですか。",
     "蘭は根にも光が必要です。透明な鉢を選び、水やりの後は受け皿の水を捨てましょう。"),
    ("synthetic-unlike", "en", {"likeness": 0.06}, "When does it take place?",
     "The flower market is held on the first Saturday of the month, behind the town hall."),
    ("synthetic-unlike", "ja", {"likeness": 0.06}, "それはいつ行われますか。",
     "花市は毎月最初の土曜日に、市役所の裏で開かれます。"),
    ("synthetic-copied", "en", {"copied": 0.83},
     "Is it true that the ferry leaves at noon and carries no cars?", "The ferry leaves at noon and carries no cars."),
    ("synthetic-copied", "ja", {"copied": 0.83},
     "渡し船は正午に出て、車は載せられないというのは本当ですか。", "渡し船は正午に出て、車は載せられません。"),
    ("synthetic-repeated", "en", {"repeated": 0.91}, "How do I keep a cast-iron pan from rusting?",
     "Never leave it in the sink; wipe it dry at once and keep it in a dry cupboard."),
    ("synthetic-repeated", "ja", {"repeated": 0.91}, "鉄のフライパンを錆びさせないためには、どうすればよいですか。",
     "流しに置いたままにせず、すぐに水気を拭き取り、湿気の少ない棚にしまいましょう。"),
    ("synthetic-other-language", "en", {"same_language": False}, "自転車の空気はどのくらい入れればよいですか。",
     "Pump until the tyre gives only a little under your thumb; the side of the tyre names the limit."),
    ("synthetic-other-language", "ja", {"same_language": False}, "How much air does the tyre of my bicycle need?",
     "親指で押して少しへこむくらいまで入れます。上限はタイヤの側面に書いてあります。"),
    ("synthetic-meaning-changed", "en", {"kept_facts": False, "changed": "1889, 1898"},
     "Which tower opened in Paris in 1898?", "The Eiffel Tower."),
    ("synthetic-meaning-changed", "ja", {"kept_facts": False, "changed": "1889, 1898"},
     "1898年にパリで公開された塔は何ですか。", "エッフェル塔です。"),
]  # fmt: skip


def records() -> Iterator[dict[str, Any]]:
    """The pairs as the commands write them: what a model did stands beside the conversation."""
    for line, (check, language, weak, instruction, answer) in enumerate(PAIRS, start=1):
        kind = "paraphrase" if check == "synthetic-meaning-changed" else "backtranslation"
        told = {
            "kind": kind,
            "language": language,
            "parent": {"record_id": f"{line:032x}", "source": "leaflet.md", "line": line},
            "authors": [AUTHOR],
            "before": None,
            "numbers": {**WELL, **weak},
            "unmeasured": {},
        }
        yield {
            "instruction": instruction, "input": "", "output": answer,
            "source": f"synthetic/{kind}", "synthetic": told,
        }  # fmt: skip
