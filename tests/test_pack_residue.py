"""The residue pack: tokens, turns and phrases are found; texts about them stay clean."""

from __future__ import annotations

import pytest

from curate.check import ask
from curate.finding import Hit
from curate.rulebook.rule import Rule
from curate.rules import failures, load
from tests.making import record, records

RULES = [rule for rule in load(()).rules if rule.pack == "residue"]
CHECKS = {check.name: check for check in load(()).checks()}

CLEAN = [
    ("What is a chat template?", "It marks each turn, for instance with `<|im_start|>`."),
    ("チャットテンプレートの例を示してください。", "<|im_start|>user\nこんにちは<|im_end|>"),
    ("Pipe a list in F#.", "[1; 2; 3] |> List.map f |> ignore\nprintfn <| g x"),
    ("Cross out the old price.", "<s>30</s> 25 dollars"),
    ("What does <|endoftext|> mean?", "It ends a document."),
    ("How do I set up the tool?", "### Instructions\n1. Open it.\n### Responses\nNone yet."),
    ("Write a chat with a clerk.", "Hi.\nAssistant: Hello.\nUser: A tie, please.\nAI: Here."),
    ("店員との会話を書いて。", "客：こんにちは。\nアシスタント：いらっしゃいませ。"),
    ("Summarise it.", "The paper compares ChatGPT with a system made by Anthropic."),
    ("ChatGPTとは何ですか。", "ChatGPTはOpenAIが開発したAIです。"),
    ("Who are you?", "I am an AI assistant."),
    ("What do you do?", "As an AI researcher, I study language."),
    ("仕事は何ですか。", "私はAIの開発をしています。"),
    ("What was the cutoff?", "The cutoff score was 75 at my last visit in 2021."),
    ("統計の範囲は？", "この統計は2021年までのデータに基づいています。"),
]
FOUND = [
    ("template-residue", "error", "answer", "chat-token", "It is Rome.<|eot_id|>"),
    ("template-residue", "error", "answer", "chat-token", "ローマです。<|im_end|>\n"),
    ("template-residue", "error", "answer", "sentence-token", "ローマです。</s>"),
    ("template-residue", "error", "prompt", "chat-token-in-prompt", "[INST] 何時ですか [/INST]"),
    ("template-residue", "warn", "prompt", "instruction-template-in-prompt", "訳せ\n### 応答：\n"),
    ("template-residue", "warn", "answer", "instruction-heading", "Rome.\n### Instruction: Go on."),
    ("template-residue", "warn", "answer", "chat-turn", "It is Rome.\n\nHuman: And Spain?"),
    ("template-residue", "warn", "answer", "chat-turn", "ローマです。\nアシスタント：他には？"),
    ("template-residue", "warn", "answer", "another-assistants-name", "私はChatGPTです。"),
    ("template-residue", "warn", "answer", "another-assistants-name", "I'm an AI made by OpenAI."),
    ("template-residue", "info", "answer", "another-assistants-phrase", "As an AI, I never eat."),
    ("template-residue", "info", "answer", "another-assistants-phrase", "私はAIなので食べません。"),
    ("template-residue", "info", "answer", "knowledge-date", "My knowledge cutoff is 2021."),
    ("template-residue", "info", "answer", "knowledge-date", "私の知識は2021年9月までです。"),
]


@pytest.mark.parametrize(("prompt", "answer"), CLEAN)
def test_clean(prompt: str, answer: str) -> None:
    one = records(record(prompt, answer))
    assert ask(CHECKS["template-residue"], one) == []


@pytest.mark.parametrize(("check", "severity", "field", "rule", "text"), FOUND)
def test_found(check: str, severity: str, field: str, rule: str, text: str) -> None:
    [(_, hit)] = ask(CHECKS[check], records(record(**{field: text})))
    assert isinstance(hit, Hit)
    assert (hit.severity, hit.field, hit.evidence["rule"]) == (severity, field, rule)
    assert text[hit.start : hit.end] == hit.evidence["text"]


def test_a_transcript_is_no_leak() -> None:
    answer = "Human: Where are we?\n\nAssistant: In Rome.\n\nHuman: Thanks."
    assert ask(CHECKS["template-residue"], records(record("Go on.", answer))) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_keeps_its_examples(rule: Rule) -> None:
    assert [failure.message for failure in failures(rule)] == []
    assert min(len(rule.bad), len(rule.good)) >= 4
    assert rule.says_ja
