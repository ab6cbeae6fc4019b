"""A key, token or private key that somebody could use.

A model repeats rare strings of its training data word for word, so a live key in one record can
come out of the trained model on request. Every copy of the data set, of the report and of the
model would carry it on. Revoke the key first, then take it out of the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import NamedTuple

import polars as pl

from curate.check import Check, Params, Row, Said, by_record
from curate.content.credentials import (
    is_sample_address,
    is_sample_private_key,
    looks_made_up,
    looks_random,
    token_payload,
)
from curate.content.masking import mask
from curate.content.signs import Signs, sign
from curate.finding import Hit, Severity

FIELDS = ("prompt", "answer", "system", "history", "rejected")

SUSPECT = (
    r"(?-u:A[KS]IA[0-9A-Z]{16}|_pat_[A-Za-z0-9]{20}|PRIVATE KEY|eyJ[A-Za-z0-9_=-]{10,400}\.eyJ"
    r"|://[!-.0-9;-?A-~]{1,80}:[!-.0-9;-?A-~]{1,80}@|SG\.[A-Za-z0-9_-]{22}\.|T3BlbkFJ"
    r"|-ant-[A-Za-z0-9]{5}|AccountKey=|AIza[A-Za-z0-9_-]{35}|_live_[0-9a-zA-Z]{16}"
    r"|-Ag[A-Za-z0-9_-]{50}|:AA[A-Za-z0-9_-]{33}|/services/T[A-Z0-9]{5}|sq0csp-|_v1_[a-f0-9]{64}"
    r"|gh[pos]_[A-Za-z0-9]{36}|npm_[A-Za-z0-9]{36}|hf_[A-Za-z]{30}|glpat-|xox[a-z]-[0-9]"
    r"|(?:_[kKtT][eEoO][yYkK]|APIキー|アクセスキー|アクセストークン)(?u:.{0,8}?)"
    r"[A-Za-z0-9/+_=-]{20})"
)
"""Kept narrow: on clean data almost nothing is a suspect, and detect-secrets is never loaded.

A Discord token has no fixed beginning, so it is found where its text calls it a token, or holds
another secret; the same goes for GitHub's short-lived ghu_ and ghr_.

Most alternatives start with bytes that are rare in prose, and few with the same ones: a scan that
knows them all costs twice as much.
"""

BEGINNINGS = (
    "AKIA", "ASIA", "_", "PRIVATE KEY", "eyJ", "://", "SG.", "T3BlbkFJ", "-ant-", "AccountKey=",
    "AIza", "-Ag", ":AA", "/services/T", "sq0csp-", "glpat-", "xox", "APIキー", "アクセスキー",
    "アクセストークン",
)  # fmt: skip
"""One of these is in every suspect."""

PLUGINS = {
    "aws.AWSKeyDetector": "AWS key",
    "azure_storage_key.AzureStorageKeyDetector": "Azure storage key",
    "discord.DiscordBotTokenDetector": "Discord bot token",
    "github_token.GitHubTokenDetector": "GitHub token",
    "gitlab_token.GitLabTokenDetector": "GitLab token",
    "pypi_token.PypiTokenDetector": "PyPI token",
    "sendgrid.SendGridDetector": "SendGrid key",
    "slack.SlackDetector": "Slack token",
    "square_oauth.SquareOAuthDetector": "Square secret",
    "stripe.StripeDetector": "Stripe key",
    "telegram_token.TelegramBotTokenDetector": "Telegram bot token",
}
"""Detectors of detect-secrets whose patterns take linear time, and what we call their finds."""

WORD = r"[^\s:/?#\[\]@'\"<>(){}$&*,;]"
OWN = {
    "GitHub token": r"\bgithub_pat_[A-Za-z0-9_]{40,100}",
    "npm token": r"\bnpm_[A-Za-z0-9]{36}\b",
    "OpenAI key": r"\bsk-[A-Za-z0-9_-]{16,180}T3BlbkFJ[A-Za-z0-9_-]{16,180}",
    "Anthropic key": r"\bsk-ant-[A-Za-z0-9_-]{30,180}",
    "Google key": r"\bAIza[A-Za-z0-9_-]{35}",
    "Hugging Face token": r"\bhf_[A-Za-z]{30,40}\b",
    "DigitalOcean token": r"\bdo[opr]_v1_[a-f0-9]{64}\b",
    "private key": (
        r"-----BEGIN (?:[A-Z0-9]{2,10} ){0,3}PRIVATE KEY(?: BLOCK)?-----"
        r"(?:(?:\s|\\n){1,4}[A-Za-z-]{1,20}: [^\n]{0,80}){0,5}(?:\s|\\n){1,8}"
        r"[A-Za-z0-9+/=]{40,100}(?:(?:\s|\\n){1,4}[A-Za-z0-9+/=]{1,100}){1,200}"
    ),
    "JSON Web Token": r"\beyJ[\w-]{10,1000}\.eyJ[\w-]{10,4000}\.[\w-]{16,1000}",
    "password in an address": rf"://({WORD}{{1,80}}:{WORD}{{3,80}}@[\w.-]{{1,100}})",
    "value named as a key": (
        r"(?i)(?:api[_ -]?key|secret[_ -]?(?:access[_ -]?)?key|(?:access|auth|bot|api)[_ -]?token"
        r"|APIキー|アクセスキー|アクセストークン|シークレットキー|秘密鍵)"
        r"[\"'”」`]?\s{0,3}(?:[:=：＝はが]|is\b|=>)?\s{0,3}[\"'“「`]?"
        r"([A-Za-z0-9_/+=-]{20,200})(?![A-Za-z0-9_/+=.(\[-])"
    ),
}
"""What the plugins lack, or find only in quadratic time. A group, where there is, is the value."""

LESS_SURE = frozenset({"JSON Web Token", "password in an address", "value named as a key"})
"""It may have expired, or guard nothing: a warning, where the others are errors."""


class Found(NamedTuple):
    """One secret in one field; start and end count characters."""

    kind: str
    start: int
    end: int


def signs(_: Params) -> Signs:
    return dict.fromkeys(FIELDS, sign(*BEGINNINGS))


def suspects(_: Params) -> pl.Expr:
    flags = [pl.col(field).str.contains(SUSPECT).fill_null(value=False) for field in FIELDS]
    return pl.any_horizontal(flags)


@cache
def patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(kind, pattern) pairs, the surest first; detect-secrets is loaded at the first suspect."""
    pairs: list[tuple[str, re.Pattern[str]]] = []
    for path, kind in PLUGINS.items():
        module, name = path.split(".")
        plugin = getattr(import_module(f"detect_secrets.plugins.{module}"), name)
        pairs += [(kind, in_ascii(pattern)) for pattern in plugin.denylist]
    return (*pairs, *((kind, re.compile(pattern, re.ASCII)) for kind, pattern in OWN.items()))


def in_ascii(pattern: re.Pattern[str]) -> re.Pattern[str]:
    """The same pattern, for which a token also ends where Japanese text goes on."""
    return re.compile(pattern.pattern, pattern.flags & ~re.UNICODE | re.ASCII)


def find(text: str) -> Iterator[Found]:
    """Every secret of a text that does not look made up; where two overlap, the surer one."""
    taken: list[Found] = []
    for kind, pattern in patterns():
        for match in pattern.finditer(text):
            # A group that is only part of a token ("ghp") is no value of its own.
            group = 1 if pattern.groups == 1 and len(match[1] or "") >= 20 else 0
            group = 1 if kind == "password in an address" else group
            found = Found(kind, *match.span(group))
            apart = all(found.end <= other.start or other.end <= found.start for other in taken)
            if apart and is_real(kind, match[group]):
                taken.append(found)
    yield from sorted(taken, key=lambda found: found.start)


def is_real(kind: str, value: str) -> bool:
    """Whether a value of this kind could open a door, as far as its characters tell."""
    if kind == "password in an address":
        return not is_sample_address(value)
    if kind == "private key":
        return not is_sample_private_key(value)
    if kind == "JSON Web Token":
        payload = token_payload(value)
        return payload is not None and not looks_made_up(payload)
    if kind == "value named as a key":
        return looks_random(value)
    return not looks_made_up(value)


def judge(row: Row, _: Params) -> Iterator[Said]:
    """One finding a value, so that every output knows each place that it must not show."""
    for field in FIELDS:
        text = row[field]
        if text:
            yield from (hit(field, text, found) for found in find(text))


def hit(field: str, text: str, found: Found) -> Hit:
    """One value, of which four characters are shown at most."""
    severity: Severity = "warn" if found.kind in LESS_SURE else "error"
    shown = mask(text[found.start : found.end])
    return Hit(
        "it holds what looks like a usable secret ({kind}): {shown}",
        {"kind": found.kind, "shown": shown},
        field=field,
        start=found.start,
        end=found.end,
        severity=severity,
        evidence={"kind": found.kind, "text": shown},
    )


CHECK = Check(
    name="secret",
    says="it holds a key, token or private key that somebody could use",
    group="privacy",
    severity="error",
    why=__doc__,
    fields=FIELDS,
    signs=signs,
    suspects=suspects,
    look=by_record(judge),
)
