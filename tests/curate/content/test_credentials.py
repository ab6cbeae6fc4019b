"""credentials: what was made up to show a form, and what could open a door."""

import base64
import json

import pytest

from curate.content.credentials import (
    is_sample_address,
    is_sample_private_key,
    looks_made_up,
    looks_random,
    token_payload,
)

MADE_UP = [
    "AKIAIOSFODNN7EXAMPLE",
    "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
    "sk_live_xxxxxxxxxxxxxxxxxxxxxxxx",
    "your-api-key-goes-here",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "qwertyuiopasdfghjklzxcvbnm12",
    "<your key>",
    "1234567890abcdef1234567890abcdef",
]
REAL = ["q7ZtW2mLr9vXc4KbN8sHd3Fy", "9f1c7ae04bd28e563a70cf1d94e2b86f"]
NOT_RANDOM = [
    "primary_key_of_the_customer_table",
    "3815926470381592647038159264",
    "DatabaseConnectionFactoryBean",
    "users/2024/reports/summary/final",
]
SAMPLE_ADDRESSES = [
    "user:password@host.internal.net",
    "postgres:postgres@db.internal.net",
    "keiko:Vq7mT2xw@localhost",
    "keiko:Vq7mT2xw@db.example.com",
    "keiko:Vq7mT2xw@127.0.0.1",
    "admin:DB_PASSWORD@db.internal.net",
    "web:8080@shop.internal.net",
]


@pytest.mark.parametrize("value", MADE_UP)
def test_made_up(value: str) -> None:
    assert looks_made_up(value)
    assert not looks_random(value)


@pytest.mark.parametrize("value", NOT_RANDOM)
def test_named_a_key_but_not_random(value: str) -> None:
    assert not looks_random(value)


@pytest.mark.parametrize("value", REAL)
def test_real(value: str) -> None:
    assert not looks_made_up(value)
    assert looks_random(value)


@pytest.mark.parametrize("address", SAMPLE_ADDRESSES)
def test_sample_address(address: str) -> None:
    assert is_sample_address(address)


def test_real_address() -> None:
    assert not is_sample_address("keiko:Vq7mT2xw@db.corp-net.io")


def test_sample_private_key() -> None:
    assert is_sample_private_key("-----BEGIN RSA PRIVATE KEY-----\n" + "A" * 64)
    assert is_sample_private_key("-----BEGIN RSA PRIVATE KEY-----\nMIIEexampleKEY...")


def test_token_payload() -> None:
    body = base64.urlsafe_b64encode(json.dumps({"sub": "森"}).encode()).decode().rstrip("=")
    assert token_payload(f"eyJ.{body}.x") == json.dumps({"sub": "森"})
    assert token_payload("eyJ.___.x") is None
