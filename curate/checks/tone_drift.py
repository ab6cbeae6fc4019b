"""An answer in another voice than the rest.

A model speaks as its data speaks. When nearly all answers are polite (です・ます) and some are
plain (だ・である), when one answer changes between the two, or when the assistant gives itself the
name of another product, the trained model will do so too, at random. Asked about are Japanese
politeness, stock openings, emoji and the assistant's own name; whether English is formal is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from curate.check import Check, Params, Row, Said, Weighed, by_record
from curate.content.register import (
    CASUAL_INSIDE,
    PLAIN_INSIDE,
    PLAIN_TWICE,
    POLITE_AT_END,
    POLITE_INSIDE,
    Sentence,
    sentences,
)
from curate.content.signs import Signs, sign
from curate.content.wide import may_be_japanese, only_where
from curate.finding import Hit, Severity

NAMES = (
    "ChatGPT|GPT-?[34]|Claude|Bard|Gemini|Copilot|Bing|Alexa|Siri|LLaMA|Llama|Vicuna|Alpaca|Koala"
    "|Qwen|ERNIE|DeepSeek|Mistral|Grok|Open Assistant|OpenAI|Anthropic"
)
MAKERS = (
    "OpenAI|Anthropic|Google|Meta AI|Microsoft|Alibaba(?: Cloud)?|Baidu|DeepSeek|Mistral AI|xAI"
)
OWN_NAME = re.compile(
    rf"\b(?:I(?:['’]m| am)|[Mm]y name is|[Yy]ou can call me) (?:an? |the )?(?P<en>{NAMES})\b"
    rf"|\bAs (?:an? )?(?P<role>{NAMES}), I\b"
    r"|\bI(?:['’]m| am| was)\b[^.\n]{0,60}\b(?:trained|developed|created|built|made)"
    rf" by (?P<maker>{MAKERS})\b"
    rf"|(?:私|わたし|僕|ぼく)(?:の名前)?は、?(?:[^。\n]{{0,20}}の)?(?P<ja>{NAMES})"
    r"(?:です|と(?:申し|いい|言い)|という)"
    rf"|(?:私|わたし)は、?(?P<maker_ja>{MAKERS})(?:社)?(?:が|によって|に)(?:開発|訓練|作成|作ら)"
)
OF_ONESELF = (
    "I'm", "I’m", "I am", "I was", "y name is", "ou can call me", "As ",
    "私", "わたし", "僕", "ぼく",
)  # fmt: skip
"""One of these begins every name that an answer gives itself, and is far faster to find."""
GIVEN_NAME = re.compile(
    r"(?:\A|[.!?\n]\s*)(?:[Mm]y name is|[Yy]ou can call me|[Ii] am called) (?P<en>[A-Z][\w-]{1,20})"
    r"|私の名前は(?P<ja>[^\s、。はがで]{1,12})(?:です|と(?:申し|いい|言い)ます)|(?P<ja2>[^\s、。は「」]{1,12})と申します"
)

SAYS_NAME = ("name is", "call me", "called", "名前は", "と申します")

OPENER = (
    r"\A\s*(?:Sure|Certainly|Of course|Absolutely|(?:Great|Good) question|No problem|Happy to help"
    r"|I(?:['’]d| would) be (?:happy|glad) to|Thank(?:s| you) for (?:asking|your question)"
    r"|もちろん(?:です|、)|承知(?:いた)?しました|かしこまりました"
    r"|(?:ご質問|お問い合わせ)(?:いただき)?、?ありがとう)"
)
ASKED_OPENER = (
    r"(?i)respon|reply|replies|conversation|dialog|phrase|customer|you are "
    r"|返信|返事|会話|台詞|セリフ"
)
EMOJI = r"[\x{1F300}-\x{1FAFF}]"
ASKED_EMOJI = (
    r"(?i)emoji|絵文字|tweet|ツイート|twitter|facebook|instagram|caption|social media|\bpost\b"
    r"|slogan|advert|unicode|joke|humou?r|広告|投稿|SNS|キャッチ|[\x{1F300}-\x{1FAFF}]"
)
ASKED_TONE = (
    r"敬体|常体|である調|ですます|です・ます|口調|丁寧|敬語|タメ口|方言|弁で|書き換え|書き直|言い換え|直して|修正|校正"
    r"|要約|翻訳|和訳|訳し|訳せ|英語|小説|物語|話を(?:書|作|考)|メッセージ|LINE|メモ|短編|ストーリー|台詞|セリフ|詩|俳句|短歌|歌詞|作文|論文|レポート|記事|見出し"
    r"|言葉を使|言葉を順|[1１一]つの文|文を書|発言|選択肢|例文|文を作|文章を作|日記|メール|手紙|続き|抜き出|抽出|引用|なりき|のふり"
)
"""What a prompt says that sets the tone of its answer, so that it proves nothing of the voice."""

MIXED_SENTENCES = 2  # of each tone; one plain aside is style
MIXED_SHARE = 0.2  # of the sentences at least are in the rarer tone
PLAIN_LEAST = 2  # plain sentences that make an answer plain; a lone one is often a quotation
POLITE_CODE, PLAIN_CODE = 1, 2
TONES = {"polite": POLITE_CODE, "plain": PLAIN_CODE}


def signs(params: Params) -> Signs:
    named = sign(*NAMES.replace("GPT-?[34]", "GPT").split("|"), kinds=["eastern"])
    return {"answer": named | sign(*SAYS_NAME) if params["persona"] else named}


def suspects(params: Params) -> pl.Expr:
    """Answers with sentences in both tones, and answers that may give the assistant a name."""
    japanese = only_where(may_be_japanese(pl.col("answer")), pl.col("answer"))
    polite = only_where(japanese.str.contains(POLITE_INSIDE), japanese)
    named = pl.col("answer").str.contains(NAMES)
    if params["persona"]:
        named |= pl.col("answer").str.contains("|".join(SAYS_NAME))
    return polite.str.contains(PLAIN_TWICE) | named


def judge(row: Row, params: Params) -> Iterator[Said]:
    yield from mixed(row)
    yield from misnamed(row, params["persona"])


def mixed(row: Row) -> Iterator[Hit]:
    """Both tones in one answer; a sentence taken from the prompt is not the answer's own."""
    answer, prompt = row["answer"], row["prompt"]
    if answer.isascii() or re.search(ASKED_TONE, prompt):
        return
    own = [said for said in sentences(answer) if answer[said.start : said.end] not in prompt]
    polite = [said for said in own if said.tone == "polite"]
    plain = [said for said in own if said.tone == "plain"]
    fewer, more = sorted((polite, plain), key=len)
    if len(fewer) >= MIXED_SENTENCES and len(fewer) >= MIXED_SHARE * len(own):
        yield mixed_hit(fewer, more)


def mixed_hit(fewer: list[Sentence], more: list[Sentence]) -> Hit:
    count: dict[str, int] = {fewer[0].tone: len(fewer), more[0].tone: len(more)}
    return Hit(
        "the answer changes between the polite form ({polite} sentences) and the plain ({plain})",
        count,
        field="answer",
        start=fewer[0].start,
        end=fewer[0].end,
        score=round(len(fewer) / (len(fewer) + len(more)), 3),
        evidence={"aspect": "mixed", "spans": [[said.start, said.end] for said in fewer[:20]]},
    )


def misnamed(row: Row, persona: str) -> Iterator[Hit]:
    """The first name the assistant gives itself that is neither its own nor the prompt's."""
    answer = row["answer"]
    patterns = [OWN_NAME] if any(map(answer.__contains__, OF_ONESELF)) else []
    if persona:
        patterns.append(GIVEN_NAME)
    matches = [found for pattern in patterns for found in pattern.finditer(answer)]
    if not matches:
        return
    before = "\n".join(row[name] or "" for name in ("system", "history", "prompt")).casefold()
    for found in matches:
        kind, name = next((kind, name) for kind, name in found.groupdict().items() if name)
        if name.casefold() in before or name.casefold() == persona.casefold():
            continue
        yield Hit(
            MADE_BY if kind.startswith("maker") else CALLED,
            {"name": name},
            field="answer",
            start=found.start(),
            end=found.end(),
            severity="warn",
            evidence={"aspect": "persona", "name": name, "persona": persona or None},
        )
        return


def measure(records: pl.DataFrame, _: Params) -> pl.DataFrame:
    """The tone of each answer (0: none shown), its opening, its emoji, and a number to choose by.

    Each search goes only through the answers that the one before left over.
    """
    answers = records.select("prompt", "answer").with_row_index("at")
    wide = answers.filter(may_be_japanese(pl.col("answer")))
    is_polite = wide["answer"].str.contains(POLITE_INSIDE)
    is_polite |= wide["answer"].str.contains(POLITE_AT_END)
    rest = wide.filter(~is_polite)
    plain = rest.filter(plain_sentences(rest["answer"]) >= PLAIN_LEAST)
    opened = answers.filter(pl.col("answer").str.contains(OPENER))
    emoji = wide.filter(pl.col("answer").str.contains(EMOJI))
    tone = pl.zeros(records.height, pl.UInt8, eager=True)
    tone = tone.scatter(wide.filter(is_polite)["at"], POLITE_CODE)
    return pl.DataFrame(
        {
            "tone": tone.scatter(unasked(plain, ASKED_TONE), PLAIN_CODE),
            "opener": flags(records.height, unasked(opened, ASKED_OPENER)),
            "emoji": flags(records.height, unasked(emoji, ASKED_EMOJI)),
            "tie": records["record_id"].hash(),
        }
    )


def plain_sentences(answers: pl.Series) -> pl.Series:
    """How many each answer has, outside quotes; counted only where there is one at all."""
    plain = f"{PLAIN_INSIDE}|{CASUAL_INSIDE}"
    some = answers.str.contains(plain)
    bare = answers.filter(some).str.replace_all(r"「[^」]*」|『[^』]*』", "")
    counts = pl.zeros(len(answers), pl.UInt32, eager=True)
    return counts.scatter(some.arg_true(), bare.str.count_matches(plain))


def unasked(found: pl.DataFrame, asked: str) -> pl.Series:
    """Row numbers of the records whose prompt did not ask for it."""
    return found.filter(~pl.col("prompt").str.contains(asked))["at"]


def flags(height: int, at: pl.Series) -> pl.Series:
    return pl.repeat(value=False, n=height, dtype=pl.Boolean, eager=True).scatter(at, True)


def weigh(facts: pl.DataFrame, params: Params) -> Weighed:
    """Count each aspect; flag, at most `most` an aspect, those that leave a clear majority."""
    measures: dict[str, Any] = {"records": facts.height}
    listed: list[tuple[int, Hit]] = []
    for name, says in (("opener", OPENS), ("emoji", DECORATED)):
        count = int(facts[name].sum())
        measures[name] = count
        usual = 1 - count / max(facts.height, 1)
        if count and facts.height >= params["min_records"] and usual >= params["share"]:
            hits = strays(facts, facts[name], params["most"])
            listed += [(at, drift(says, name, {"share": percent(usual)}, usual)) for at in hits]
    tones, found = tone(facts, params)
    measures["tone"] = tones
    return Weighed(measures, on_records=tuple(sorted([*listed, *found], key=lambda pair: pair[0])))


def tone(facts: pl.DataFrame, params: Params) -> tuple[dict[str, Any], list[tuple[int, Hit]]]:
    """How many answers are polite and plain, and those in the other tone than the expected."""
    count = {name: int((facts["tone"] == code).sum()) for name, code in TONES.items()}
    total = sum(count.values())
    usual = max(count, key=lambda name: count[name]) if params["tone"] == "auto" else params["tone"]
    share = count[usual] / max(total, 1)
    clear = total >= params["min_records"] and share >= params["share"]
    if params["tone"] == "auto" and not clear:
        return {**count, "expected": None}, []
    other = "plain" if usual == "polite" else "polite"
    severity: Severity = "info" if params["tone"] == "auto" else "warn"
    args = {"share": percent(share)}
    hit = drift(IS_PLAIN if other == "plain" else IS_POLITE, "tone", args, share, severity)
    rows = strays(facts, facts["tone"] == TONES[other], params["most"])
    return {**count, "expected": usual}, [(at, hit) for at in rows]


def strays(facts: pl.DataFrame, straying: pl.Series, most: int) -> list[int]:
    """Row numbers, the same records whatever their order."""
    numbered = facts.select("tie").with_row_index("at").filter(straying)
    return numbered.sort("tie", "at").head(most)["at"].to_list()


def percent(share: float) -> str:
    return f"{share:.0%}" if share < 0.995 else f"{share:.1%}"


def drift(
    says: str, aspect: str, args: Mapping[str, Any], share: float, severity: Severity = "info"
) -> Hit:
    evidence = {"aspect": aspect}
    return Hit(
        says, args, field="answer", score=round(share, 4), severity=severity, evidence=evidence
    )


CALLED = "the assistant calls itself {name}"
MADE_BY = "the assistant says that {name} made it"
OPENS = "the answer opens with a stock phrase, which {share} of the answers do not"
DECORATED = "the answer is set with emoji, which {share} of the answers do without"
IS_PLAIN = "the answer is in the plain form; {share} of those that show a tone are polite"
IS_POLITE = "the answer is in the polite form; {share} of those that show a tone are plain"

CHECK = Check(
    name="tone-drift",
    says="the answer speaks in another voice than the rest",
    group="behaviour",
    severity="info",
    why=__doc__,
    each_answer=True,
    params={"tone": "auto", "persona": "", "share": 0.90, "min_records": 20, "most": 200},
    fields=("prompt", "answer", "system", "history"),
    signs=signs,
    suspects=suspects,
    look=by_record(judge),
    measure=measure,
    weigh=weigh,
)
