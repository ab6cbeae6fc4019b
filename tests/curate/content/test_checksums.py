"""checksums: what the published examples of each standard say, and what a changed digit does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.content.checksums import IBAN_LENGTHS, TEST_CARDS, VALIDATORS

REAL = [
    ("luhn", "79927398713"),
    ("luhn", "0" * 3 + "18"),
    ("card", "4539 1488 0343 6467"),
    ("card", "5425-2334-3010-9903"),
    ("card", "2720992593319364"),
    ("card", "3716 123456 78901"),
    ("card", "5425 2334 3010 9903 0427 123"),
    ("test-card", "4111 1111 1111 1111"),
    ("iban", "GB82 WEST 1234 5698 7654 32"),
    ("iban", "DE89370400440532013000 BANK"),
    ("iban", "NO9386011117947"),
    ("iban", "MT84MALT011000012345MTLCAST001S"),
    ("my-number", "マイナンバー：1234 5678 9018"),
    ("my-number", "１２３４５６７８９０１８"),
    ("us-ssn", "536-22-8145"),
    ("ip-public", "59.187.84.127"),
    ("ip-public", "203.0.114.7"),
    ("postal-code-ja", "〒150-0043"),
    ("postal-code-ja", "郵便番号：１００－０００１"),
    ("bank-account-ja", "普通 4817229"),
    ("e-mail", "h.sakamoto@kobe-denki.jp"),
    ("phone-en", "415) 832-7719"),
    ("phone-fiction", "202) 555-0143"),
    ("phone-ja", "090-1234-5678"),
    ("mobile-ja", "携帯09038172294"),
    ("phone", "+44 7911 204518"),
    ("phone", "+81-3-3817-2294"),
]
NOT_REAL = [
    ("luhn", "79927398714"),
    ("luhn", ""),
    ("luhn", "7"),
    ("card", "4539 1488 0343 6468"),
    ("card", "4111111111111111"),
    ("card", "0000000000000000"),
    ("card", "9539148803436467"),
    ("card", "4901777018693"),  # 13 digits: a retail code, though Luhn's check digit fits
    ("card", "4539 1488 0343 6467 2010 2011 2012"),
    ("test-card", "4111 1111 1111 1112"),
    ("iban", "GB82 WEST 1234 5698 7654 33"),
    ("iban", "GB82 WEST 1234"),
    ("iban", "ZZ82WEST12345698765432"),
    ("my-number", "1234 5678 9012"),
    ("my-number", "0000 0000 0000"),
    ("my-number", "1234567890181"),
    ("us-ssn", "000-22-8145"),
    ("us-ssn", "666-22-8145"),
    ("us-ssn", "912-22-8145"),
    ("us-ssn", "536-00-8145"),
    ("us-ssn", "536-22-0000"),
    ("us-ssn", "123-45-6789"),
    ("ip-public", "192.168.0.1"),
    ("ip-public", "10.0.0.1"),
    ("ip-public", "172.20.1.1"),
    ("ip-public", "127.0.0.1"),
    ("ip-public", "203.0.113.7"),
    ("ip-public", "224.0.0.5"),
    ("ip-public", "2.6.32.5"),
    ("ip-public", "256.1.1.1"),
    ("ip-public", "8.8.8.8"),
    ("ip-public", "255.255.255.0"),
    ("ip-public", "01.2.3.4"),
    ("postal-code-ja", "〒000-0000"),
    ("postal-code-ja", "〒123-45678"),
    ("bank-account-ja", "普通 0000000"),
    ("e-mail", "name@example.com"),
    ("e-mail", "info@kobe-denki.jp"),
    ("e-mail", "not an address"),
    ("phone-en", "123-456-7890"),
    ("phone-en", "415-832.7719"),
    ("phone-en", "800-832-7719"),
    ("phone-en", "555) 555-5555"),
    ("phone-en", "411-832-7719"),
    ("phone-fiction", "415-832-7719"),
    ("phone-ja", "0120-444-113"),
    ("phone-ja", "090-0000-0000"),
    ("phone-ja", "01-02-2024"),
    ("phone-ja", "4-090-1234-5678"),
    ("mobile-ja", "携帯09000000000"),
    ("phone", "+1 800 362 0101"),
    ("phone", "+44 20 7946 0123"),
    ("phone", "+12 345"),
    ("phone", "+81 120-444-113"),
]


@pytest.mark.parametrize(("name", "text"), NOT_REAL)
def test_thrown_out(name: str, text: str) -> None:
    assert not VALIDATORS[name](text)


@pytest.mark.parametrize(("name", "text"), REAL)
def test_kept(name: str, text: str) -> None:
    assert VALIDATORS[name](text)


@pytest.mark.parametrize("number", sorted(TEST_CARDS))
def test_published_cards_pass_the_checksum(number: str) -> None:
    assert VALIDATORS["luhn"](number)
    assert VALIDATORS["test-card"](number)
    assert not VALIDATORS["card"](number)


@given(st.integers(0, 11), st.integers(1, 9))
def test_one_changed_digit_of_my_number_is_seen(place: int, shift: int) -> None:
    digits = [int(digit) for digit in "123456789018"]
    digits[place] = (digits[place] + shift) % 10
    assert not VALIDATORS["my-number"]("".join(map(str, digits)))


@given(st.text(max_size=40))
def test_any_text_has_an_answer(text: str) -> None:
    assert all(isinstance(validator(text), bool) for validator in VALIDATORS.values())


def test_iban_lengths_fit_the_standard() -> None:
    assert all(15 <= length <= 34 for length in IBAN_LENGTHS.values())
