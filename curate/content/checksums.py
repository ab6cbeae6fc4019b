"""Checksums and number plans: is this string really a card, a phone number, an e-mail address?

A rule's pattern finds strings of the right shape; the validator it names throws out order numbers,
versions, ISBNs and the values that everybody uses as examples. A validator gets the matched text,
with whatever context word the pattern took along, and answers true for the real thing.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

from curate.content.mail import is_personal_mail
from curate.content.phones import (
    is_fiction_phone,
    is_mobile_ja,
    is_phone,
    is_phone_en,
    is_phone_ja,
    is_phone_uk,
)

NOT_DIGIT = re.compile(r"[^0-9]")

CARDS: Final[tuple[tuple[str, tuple[int, ...]], ...]] = (
    (r"4", (16, 19)),  # Visa; 13 digits are a retail code (EAN, JAN) today
    (r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720", (16,)),  # Mastercard
    (r"3[47]", (15,)),  # American Express
    (r"6011|64[4-9]|65", (16, 19)),  # Discover
    (r"35(?:2[89]|[3-8])", (16,)),  # JCB
    (r"30[0-5]|36|3[89]", (14,)),  # Diners Club
    (r"62", (16, 17, 18, 19)),  # UnionPay
)
"""How a number begins (issuer), and how many digits it has then."""

GROUPED_CARD = re.compile(
    r"([0-9]{13,19}|[0-9]{4}(?:[ -][0-9]{4}){3}(?:[ -][0-9]{3})?"
    r"|[0-9]{4}[ -][0-9]{6}[ -][0-9]{4,5})"
    r"(?: [0-9]{1,4}){0,2}$"
)

TEST_CARDS = frozenset(
    [
        "4111111111111111",
        "4242424242424242",
        "4012888888881881",
        "4000056655665556",
        "5555555555554444",
        "5105105105105100",
        "5200828282828210",
        "2223003122003222",
        "378282246310005",
        "371449635398431",
        "6011111111111117",
        "6011000990139424",
        "30569309025904",
        "38520000023237",
        "3530111333300000",
        "3566002020360505",
        "6200000000000005",
    ]
)
"""Numbers that payment services publish for tests; they pass the checksum and belong to nobody."""

IBAN_LENGTHS: Final[Mapping[str, int]] = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22,
    "BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28,
    "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23,
    "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26,
    "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20,
    "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30,
    "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22,
    "SA": 24, "SC": 31, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "ST": 25, "SV": 28, "TL": 23,
    "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
}  # fmt: skip
"""Characters of an account number, by country."""

SSN = re.compile(r"(?!000|666|9)[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}")
SAMPLE_SSNS = frozenset({"123-45-6789", "078-05-1120", "219-09-9999", "987-65-4321"})
NAME_SERVERS = frozenset(["8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9", "4.2.2.2"])
VERSION_LIKE_BELOW = (10, 100)  # first number and every number of what is rather a version


def digits_of(text: str) -> str:
    """The digits of a text, full-width ones too, as ASCII."""
    return NOT_DIGIT.sub("", unicodedata.normalize("NFKC", text))


def passes_luhn(text: str) -> bool:
    """ISO/IEC 7812: double every second digit from the right; the sum divides by ten."""
    digits = [int(digit) for digit in reversed(digits_of(text))]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[1::2]]
    return len(digits) > 1 and (sum(digits[::2]) + sum(doubled)) % 10 == 0


def is_card(text: str) -> bool:
    """A card number that could be somebody's: issuer, length, grouping and checksum fit."""
    digits = card_of(text)
    issued = any(re.match(start, digits) and len(digits) in lengths for start, lengths in CARDS)
    real = len(set(digits)) > 2 and digits not in TEST_CARDS
    return issued and real and passes_luhn(digits)


def is_test_card(text: str) -> bool:
    """A card number that payment services publish for tests."""
    return card_of(text) in TEST_CARDS


def card_of(text: str) -> str:
    """The digits of a card number that starts a run; an expiry or security code may follow."""
    found = GROUPED_CARD.match(text)
    return NOT_DIGIT.sub("", found[1]) if found else ""


def is_iban(text: str) -> bool:
    """ISO 13616: the country's length, and 1 as the remainder modulo 97."""
    length = IBAN_LENGTHS.get(text[:2])
    account = ""
    for block in text.split(" "):  # a word in capitals may stand behind the number
        account += block if length is None or len(account) < length else ""
    if len(account) != length:
        return False
    turned = account[4:] + account[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


def is_my_number(text: str) -> bool:
    """The last digit of an individual number (12 digits) checks the eleven before it."""
    digits = digits_of(text)
    if len(digits) != 12 or len(set(digits)) == 1:
        return False
    weights = (2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6)  # from the right
    rest = sum(int(d) * w for d, w in zip(reversed(digits[:11]), weights, strict=True)) % 11
    return int(digits[11]) == (0 if rest <= 1 else 11 - rest)


def is_us_ssn(text: str) -> bool:
    """A social security number that can have been issued and is no known sample."""
    return any(SSN.fullmatch(block) and block not in SAMPLE_SSNS for block in text.split())


def is_public_address(text: str) -> bool:
    """An IPv4 address of the open internet: no private range, no version number."""
    try:
        address = ipaddress.IPv4Address(text)
    except ValueError:
        return False
    numbers = [int(part) for part in text.split(".")]
    first, every = VERSION_LIKE_BELOW
    version = numbers[0] < first and max(numbers) < every
    host = numbers[3] not in (0, 255)
    return (
        address.is_global
        and not address.is_multicast
        and host
        and not version
        and text not in NAME_SERVERS
    )


def is_postal_code_ja(text: str) -> bool:
    """Seven digits after the mark, no sample: the first three name a post office's district."""
    digits = digits_of(text)
    return len(digits) == 7 and digits[:3] >= "001" and len(set(digits)) > 1


def is_bank_account_ja(text: str) -> bool:
    """An account number has seven digits; one digit seven times is a placeholder."""
    digits = digits_of(text)
    return len(digits) == 7 and len(set(digits)) > 1


VALIDATORS: dict[str, Callable[[str], bool]] = {
    "luhn": passes_luhn,
    "card": is_card,
    "test-card": is_test_card,
    "iban": is_iban,
    "my-number": is_my_number,
    "us-ssn": is_us_ssn,
    "ip-public": is_public_address,
    "postal-code-ja": is_postal_code_ja,
    "bank-account-ja": is_bank_account_ja,
    "phone-en": is_phone_en,
    "phone-fiction": is_fiction_phone,
    "phone-ja": is_phone_ja,
    "phone-uk": is_phone_uk,
    "mobile-ja": is_mobile_ja,
    "phone": is_phone,
    "e-mail": is_personal_mail,
}
"""What a rule may name as `valid`."""
