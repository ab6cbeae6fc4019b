"""secret: clean texts first, then bad ones.

Every real-looking value is assembled here at run time, so that no file of this project holds one.
"""

from __future__ import annotations

import base64
import json
import random
import string

import orjson
import pytest

from curate.check import ask
from curate.checks import secret
from curate.checks.secret import CHECK, FIELDS, PLUGINS
from curate.finding import Hit
from tests.making import record, records

LETTERS = string.ascii_letters + string.digits


def drawn(length: int, alphabet: str = LETTERS) -> str:
    """Random characters, the same in every run."""
    return "".join(random.Random(f"{length}{alphabet}").choices(alphabet, k=length))


def web_token(**claims: str) -> str:
    parts = [{"alg": "HS256", "typ": "JWT"}, claims]
    coded = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts
    ]
    return ".".join([*coded, drawn(43)])


def private_key(kind: str = "RSA ", newline: str = "\n") -> str:
    body = newline.join(drawn(64 - i) for i in range(6))
    return (
        f"-----BEGIN {kind}PRIVATE KEY-----{newline}{body}{newline}-----END {kind}PRIVATE KEY-----"
    )


UPPER = string.ascii_uppercase + string.digits
HEX = "0123456789abcdef"
REAL = {
    "AWS key": "AK" + "IA" + drawn(16, UPPER),
    "Azure storage key": "AccountKey" + "=" + drawn(86) + "==",
    "GitHub token": "gh" + "p_" + drawn(36),
    "GitLab token": "gl" + "pat-" + drawn(20),
    "PyPI token": "py" + "pi-AgEIcHlwaS5vcmc" + drawn(90),
    "SendGrid key": "S" + "G." + drawn(22) + "." + drawn(43),
    "Slack token": "xo" + "xb-" + drawn(12, string.digits) + "-" + drawn(24),
    "Square secret": "sq" + "0csp-" + drawn(43),
    "Stripe key": "sk" + "_live_" + drawn(24),
    "Telegram bot token": "706914" + "3852:" + "AA" + drawn(33),
    "npm token": "np" + "m_" + drawn(36),
    "OpenAI key": "s" + "k-" + drawn(20) + "T3Blbk" + "FJ" + drawn(20),
    "Anthropic key": "s" + "k-an" + "t-api03-" + drawn(80),
    "Google key": "AI" + "za" + drawn(35),
    "Hugging Face token": "h" + "f_" + drawn(34, string.ascii_letters),
    "DigitalOcean token": "do" + "p_v1_" + drawn(64, HEX),
    "private key": private_key(),
    "JSON Web Token": web_token(sub="u-77120", scope="write"),
    "password in an address": "postgres://" + "keiko:" + "Vq7mT2xw@db.corp-net.io",
}
ASSIGNED = {
    "Discord bot token": 'DISCORD_TOKEN = "MT' + drawn(23) + "." + drawn(6) + "." + drawn(27) + '"',
    "value named as a key": f'api_key: "{drawn(32, HEX)}"',
    "AWS key": f'aws_secret_access_key = "{drawn(40)}"',
}
MORE = [
    ("GitHub token", "github" + "_pat_" + drawn(22) + "_" + drawn(59)),
    (
        "Slack token",
        "https://hooks.slack"
        + ".com/services/T"
        + drawn(8, UPPER)
        + "/B"
        + drawn(8, UPPER)
        + "/"
        + drawn(24),
    ),
    ("OpenAI key", "s" + "k-proj-" + drawn(58) + "T3Blbk" + "FJ" + drawn(58)),
    ("private key", private_key("")),
    ("private key", private_key("OPENSSH ")),
    ("private key", private_key("EC ", newline="\\n")),
    ("value named as a key", f"SHOP_API_KEY={drawn(30)}"),
    ("value named as a key", f"api_token = '{drawn(32)}'"),
    ("value named as a key", f"APIキーは「{drawn(28)}」です"),
]

CLEAN = [
    "Keep your API key secret and never commit it.",
    "APIキーは秘密にして、コミットしないでください。",
    "AKIAIOSFODNN7EXAMPLE",
    'aws_secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"',
    "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
    "openai.api_key = 'sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'",
    "openai.api_key = 'your-api-key'",
    "OPENAI_API_KEY=<your key here>",
    "api_key = os.environ['MY_VERY_LONG_SERVICE_API_KEY_2024_01']",
    "api_key = settings.get_secret_from_vault_v2_2024(name)",
    "primary_key = customer_identifier_number_2024_01_02_03",
    "foreign_key=orders_customers_2023_identifier_12",
    "xoxb-your-token",
    "xoxb-1234567890-abcdefghij",
    "sk_live_xxxxxxxxxxxxxxxxxxxxxxxx",
    "-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\nYOUR KEY HERE\n-----END PRIVATE KEY-----",
    "A file that starts with BEGIN RSA PRIVATE KEY must not be shared.",
    "-----BEGIN PUBLIC KEY-----\n" + drawn(64) + "\n" + drawn(60) + "\n-----END PUBLIC KEY-----",
    "postgres://user:password@localhost:5432/db",
    "postgres://postgres:postgres@db:5432/app",
    "mysql://${USER}:${PASSWORD}@host/db",
    "https://name:Vq7mT2xw@example.com/",
    "https://example.com:8080/path@home",
    "Visit http://example.com: it is open @ 9.",
    "mongodb+srv://<username>:<password>@cluster0.mongodb.net/test",
    "接続先は postgres://user:パスワード@localhost/db です。",
    web_token(sub="1234567890", name="John Doe"),
    "eyJhbGciOiJIUzI1NiJ9 is the start of a token.",
    "SG.your_sendgrid_api_key_h.your_sendgrid_api_key_here_your_sendgrid_api",
    "The commit 3f786850e387550fdab836ed7e6dc881de23001b fixed it.",
    "id: 550e8400-e29b-41d4-a716-446655440000",
    "sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "npm_config_registry and npm_lifecycle_event_of_the_package_manager",
    "data:image/png;base64," + drawn(400),
]


@pytest.mark.parametrize("text", CLEAN)
def test_clean(text: str) -> None:
    assert ask(CHECK, records(record(answer=text), record(prompt=text))) == []


def one(text: str, **fields: str) -> Hit:
    [(_, hit)] = ask(CHECK, records(record(answer=text, **fields)))
    assert isinstance(hit, Hit)
    return hit


@pytest.mark.parametrize("frame", ["{}", "Use this: {} for now.", "トークンは{}です。"])
@pytest.mark.parametrize(("kind", "value"), [*REAL.items(), *MORE])
def test_bad(kind: str, value: str, frame: str) -> None:
    text = frame.format(value)
    hit = one(text)
    assert hit.args["kind"] == kind
    assert text[hit.start : hit.end] in value or value in text[hit.start : hit.end]


@pytest.mark.parametrize(("kind", "text"), ASSIGNED.items())
def test_found_by_its_name(kind: str, text: str) -> None:
    assert one(text).args["kind"] == kind


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_is_read(field: str) -> None:
    value = REAL["GitHub token"]
    turns = [("user", value), ("assistant", "ok")]
    made = record(history=turns) if field == "history" else record(**{field: value})
    [(_, hit)] = ask(CHECK, records(made))
    assert isinstance(hit, Hit)
    assert hit.field == field


@pytest.mark.parametrize("value", [*REAL.values(), *ASSIGNED.values()])
def test_at_most_four_characters_are_shown(value: str) -> None:
    hit = one(value)
    private = value[hit.start : hit.end].removeprefix("AccountKey")
    said = hit.message + orjson.dumps([hit.args, hit.evidence, hit.fix]).decode()
    assert not any(private[i : i + 5] in said for i in range(len(private) - 4))


def test_severity_follows_how_sure_it_is() -> None:
    assert one(REAL["AWS key"]).severity == "error"
    assert one(REAL["JSON Web Token"]).severity == "warn"


def test_each_value_is_its_own_finding() -> None:
    first, second = REAL["GitHub token"], REAL["GitHub token"][:-3] + "Zq8"
    said = ask(CHECK, records(record(answer=f"{first} and {second}")))
    assert [hit.start for _, hit in said if isinstance(hit, Hit)] == [0, len(first) + 5]


def test_repeated_prefixes_take_linear_time() -> None:
    """Half a megabyte of token beginnings; a quadratic pattern would not end today."""
    flood = (
        "T3BlbkFJ" + ("sk-" * 40_000) + ("eyJ" * 40_000) + ("xoxb-1-" * 10_000) + "://a:" * 10_000
    )
    assert list(secret.find(flood)) == []


def test_every_plugin_is_reached_from_a_suspect() -> None:
    tested = {*REAL, *ASSIGNED, *(kind for kind, _ in MORE)}
    assert set(PLUGINS.values()) <= tested
