"""Does a real small model learn what it is shown, on 16 and on 4 bits?

The model that `--weights` names learns to say a sum in a sentence, in English and Japanese, and is
asked for sums that it has not seen. A row holds where its loss on those fell by half (in small, on
random weights, by a tenth) and it says more of them right than before.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import partial
from statistics import fmean

from bench.gpu.setting import LeftOut, Row, Setting
from bench.gpu.trial import trial
from train.approved import Record
from train.generate import answer_losses, generate
from train.model import Loaded, load
from train.prepared import Prepared
from train.recipe import Recipe
from train.template import template_of

BATCH = 16
WAYS = (
    ("What is {a} plus {b}?", "The sum of {a} and {b} is {c}."),
    ("{a}と{b}を足すといくつですか。", "{a}と{b}の和は{c}です。"),
)


def measure(setting: Setting) -> Iterator[Row]:
    """Before and after, for each storage of the base."""
    if setting.weights is None:
        raise LeftOut("no model was named with --weights")
    every = sums(setting.either(20, 440))
    held_out, shown = every[: len(every) // 11], every[len(every) // 11 :]
    for base in ("none", "nf4"):
        recipe = setting.recipe(
            setting.weights,
            f"model.quantization.type={base}",
            f"training.epochs={setting.either(60, 3)}",
            f"training.learning_rate={setting.either(0.01, 0.0005)}",
            f"training.batch_size={BATCH}",
        )
        loaded = load(recipe)
        loss, right = asked(loaded, recipe, held_out)
        template = template_of(recipe, loaded.tokenizer)
        records = Prepared((), (), tuple(template.encode(one) for one in shown), (), ())
        del loaded, template
        done = trial(
            recipe,
            records,
            setting.scratch / f"real-{base}",
            look=partial(asked, recipe=recipe, records=held_out),
        )
        yield {
            "base": done.chosen["quantization"],
            "loss before": loss,
            "loss after": done.seen[0],
            "right before, %": 100 * right,
            "right after, %": 100 * done.seen[1],
            "tokens/s": done.speed,
            "peak GB": done.peak / 1e9,
            "holds": done.seen[0] <= setting.either(0.9, 0.5) * loss
            and (setting.small or done.seen[1] > right),
        }


def sums(count: int) -> list[Record]:
    """Questions and answers, each once, the two languages in turn."""
    chance = random.Random(5)
    made = []
    for number, place in enumerate(chance.sample(range(100 * 100), count)):
        a, b = divmod(place, 100)
        question, answer = (text.format(a=a, b=b, c=a + b) for text in WAYS[number % len(WAYS)])
        name = f"{number:032x}"
        said = (("user", question), ("assistant", answer))
        made.append(Record(name, "train", name, None, "sums", number + 1, None, said, answer))
    return made


def asked(loaded: Loaded, recipe: Recipe, records: Sequence[Record]) -> tuple[float, float]:
    """Mean loss of the answers, and the share that is said right."""
    template = template_of(recipe, loaded.tokenizer)
    to = (loaded.model, loaded.tokenizer)
    losses = answer_losses(*to, [template.encode(one) for one in records], BATCH)
    prompts = [template.prompt_ids(one) for one in records]
    longest = max(len(template.encode(one).ids) for one in records)
    said = generate(*to, prompts, stops=template.stops, max_new_tokens=longest, batch_size=BATCH)
    right = fmean(got.text.strip() == one.answer for got, one in zip(said, records, strict=True))
    return fmean(losses), right
