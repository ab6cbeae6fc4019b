"""mail: examples, roles and robots are nobody's address."""

import pytest

from curate.content.mail import is_personal_mail

NOBODY = [
    "name@example.com",
    "taro@example.co.jp",
    "user123@gmail.com",
    "your.name@gmail.com",
    "my_gmail_address@gmail.com",
    "john.doe@gmail.com",
    "jsmith2@yahoo.com",
    "alice@email.com",
    "someone@yourcompany.com",
    "info@kobe-denki.jp",
    "no-reply@kobe-denki.jp",
    "support@kobe-denki.co.jp",
    "git@github.com",
    "a@d.co",
    "99@kobe-denki.jp",
    "icon@2x.png",
    "test@test.test",
    "root@server.local",
]
SOMEBODY = [
    "h.sakamoto@kobe-denki.jp",
    "samjaycook@hotmail.com",
    "keiko.mori77@gmail.com",
    "d.whitfield@ncl-shipping.co.uk",
    "mori+shop@kobe-denki.jp",
]


@pytest.mark.parametrize("address", NOBODY)
def test_nobody(address: str) -> None:
    assert not is_personal_mail(address)


@pytest.mark.parametrize("address", SOMEBODY)
def test_somebody(address: str) -> None:
    assert is_personal_mail(address)
