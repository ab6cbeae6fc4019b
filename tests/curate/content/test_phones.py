"""phones: numbering plans, and numbers that nobody answers."""

import pytest

from curate.content.phones import (
    blocks,
    is_counted,
    is_fiction_phone,
    is_phone,
    is_phone_en,
    is_phone_ja,
    is_phone_uk,
)

JA = [
    "090-1234-5678",
    "03-3817-2294",
    "0797-38-2294",
    "045(817)2294",
    "06)6817-2294",
    "０３－３８１７－２２９４",
]
NOT_JA = [
    "0120-444-113",
    "0570-064-114",
    "090-0000-0000",
    "0123-45-6789-1",
    "01-02-2024",
    "020-7946-0958",
    "03-3817-2294A",
    "型番は03-3817-2294",
]
UK = ["020 7946 2381", "07712 458 903", "07712 458904", "0117) 832 4410", "01865 274512"]
NOT_UK = [
    "020 7946 0000",  # Ofcom's numbers for drama, from each range
    "020 7946 0999",
    "029 2018 0123",
    "028 9649 6123",
    "01632 960123",
    "0113 496 0123",
    "0118 496 0123",
    "0121 496 0123",
    "0161 496 0123",
    "0191 498 0123",
    "07700 900123",
    "07700 900 123",
    "01234 567890",
    "0800 123 4567",
    "07612 458 903",  # pagers
    "020 7946 238",
    "12 020 7946 2381",
]
US = ["415) 832-7719", "732-830-9763", "212.684.4710", "1-647-321-1199", "732)830-9763"]
NOT_US = [
    "123-456-7890",
    "234-567-8901",
    "800-832-7719",
    "555-832-7719",
    "415-555-1234",
    "415-832.7719",
]
WORLD = [
    "+44 7911 204518",
    "+81-90-3817-2294",
    "+12146558447",
    "+31 20 504 5113",
    "+81 (0)3 3817 2294",
]
NOT_WORLD = ["+1 800 362 0101", "+44 20 7946 0123", "+81 120 444 113", "+999 12345678", "+12 345"]


@pytest.mark.parametrize("number", NOT_JA)
def test_not_japanese(number: str) -> None:
    assert not is_phone_ja(number)


@pytest.mark.parametrize("number", JA)
def test_japanese(number: str) -> None:
    assert is_phone_ja(number)


@pytest.mark.parametrize("number", NOT_US)
def test_not_north_american(number: str) -> None:
    assert not is_phone_en(number)


@pytest.mark.parametrize("number", US)
def test_north_american(number: str) -> None:
    assert is_phone_en(number)


@pytest.mark.parametrize("number", NOT_WORLD)
def test_not_international(number: str) -> None:
    assert not is_phone(number)


@pytest.mark.parametrize("number", WORLD)
def test_international(number: str) -> None:
    assert is_phone(number)


def test_fiction() -> None:
    assert is_fiction_phone("202) 555-0143")
    assert not is_fiction_phone("202) 832-0143")


def test_counted() -> None:
    assert is_counted("2345678901")
    assert is_counted("9876543210")
    assert is_counted("1111111222")
    assert not is_counted("4158327719")


def test_blocks_are_parts_and_neighbours() -> None:
    assert list(blocks("電話 06)6817 2294 1")) == ["06)6817", "2294", "1", "06)6817 2294", "2294 1"]


@pytest.mark.parametrize("number", NOT_UK)
def test_no_phone_of_the_united_kingdom(number: str) -> None:
    assert not is_phone_uk(number)


@pytest.mark.parametrize("number", UK)
def test_a_phone_of_the_united_kingdom(number: str) -> None:
    assert is_phone_uk(number)
