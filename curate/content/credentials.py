"""Credentials: tell a value that could open a door from one that was made up to show the form."""

from __future__ import annotations

import base64
import binascii
import re
from itertools import pairwise
from math import log2

MADE_UP = re.compile(
    r"(?i)example|sample|dummy|fake|your|placeholder|change_?me|redacted|insert|replace|x{4}|foobar"
    r"|abcdef|a1b2c3|qwerty|asdfgh|deadbeef|12345|54321|98765|0{5}|\.\.\.|\*\*\*|…|•|<|john doe"
    r"|secret_?key|api_?key|access_?token"
)
FEW_CHARACTERS = 8  # different ones; a random key of 20 hexadecimal digits has 11 or 12
RUN = 5  # characters that follow each other in the alphabet: chance gives one in 400,000 keys
RANDOM_BITS = 3.2  # of entropy a character; 20 random hexadecimal digits have 3.3
RANDOM_DIGITS = 3

USUAL_PASSWORDS = frozenset(
    [
        "password",
        "passwd",
        "pass",
        "pwd",
        "pw",
        "secret",
        "admin",
        "root",
        "user",
        "username",
        "test",
        "guest",
        "demo",
        "login",
        "token",
        "key",
        "postgres",
        "mysql",
        "mongo",
        "redis",
        "rabbit",
        "rabbitmq",
        "guest",
        "hunter2",
        "letmein",
        "foo",
        "bar",
        "baz",
        "hogehoge",
        "hoge",
        "password1",
        "passw0rd",
        "p4ssw0rd",
        "mypassword",
        "mysecretpassword",
        "mypass",
        "dbpassword",
        "pass123",
    ]
)
SAMPLE_HOST = re.compile(
    r"(?i)(?:^|\.)(?:example|test|invalid|localhost)(?:\.(?:com|org|net|jp|co\.jp))?$|^127\.|^0\.0"
    r"|^(?:my|your)|^(?:host|hostname|server|domain|site|website|url|db|database|ip|address)$"
)


def looks_made_up(value: str) -> bool:
    """Whether a value shows only the form of a key: stock words, runs, few characters."""
    return bool(MADE_UP.search(value)) or len(set(value)) < FEW_CHARACTERS or _has_run(value)


def is_sample_private_key(block: str) -> bool:
    """Whether a private key block is only drawn: words or dots where its digits should be.

    Random text of this length holds any short word by chance, so only these few count.
    """
    return len(set(block)) < FEW_CHARACTERS * 4 or bool(re.search(r"(?i)example|\.\.\.", block))


def looks_random(value: str) -> bool:
    """Whether a value that only its name calls a key also looks like one: letters and digits."""
    digits = sum(character.isdigit() for character in value)
    if looks_made_up(value) or digits < RANDOM_DIGITS or digits == len(value):
        return False
    parts = re.split(r"[_\-/+=]", value)
    words = [part for part in parts if part.isalpha()]
    return sum(map(len, words)) * 2 < len(value) and _entropy(value) >= RANDOM_BITS


def is_sample_address(address: str) -> bool:
    """Whether `user:password@host` is documentation: a stock password, or a host of that kind."""
    login, _, host = address.rpartition("@")
    user, _, password = login.partition(":")
    stock = password.lower() in USUAL_PASSWORDS or password.lower() == user.lower()
    return (
        stock or password.isdigit() or bool(SAMPLE_HOST.search(host)) or looks_like_name(password)
    )


def looks_like_name(password: str) -> bool:
    """Whether a password only says that one belongs here: `your_password`, `DB_PASSWORD`."""
    return bool(MADE_UP.search(password)) or bool(
        re.search(r"(?i)pass(?:word|wd)?|secret", password)
    )


def token_payload(token: str) -> str | None:
    """What a JSON Web Token says about its bearer, as text; None where it cannot be decoded."""
    body = token.split(".")[1]
    try:
        return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None


def _has_run(value: str) -> bool:
    length = 1
    for before, after in pairwise(value):
        length = length + 1 if ord(after) - ord(before) == 1 else 1
        if length >= RUN:
            return True
    return False


def _entropy(value: str) -> float:
    shares = [value.count(character) / len(value) for character in set(value)]
    return -sum(share * log2(share) for share in shares)
