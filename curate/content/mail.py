"""Mail: is an e-mail address a person's, or an example, a role, a robot?"""

from __future__ import annotations

import re

ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24}")

SAMPLE_DOMAIN = re.compile(
    r"(?i)(?:^|\.)(?:[a-z-]*examples?|[a-z-]*tests?|invalid|localhost|domain|e?mail|yourdomain|mydomain"
    r"|my(?:web)?site|(?:your|my|some|the|abc|xyz|acme)-?(?:company|site|website|business|store|org)"
    r"|company(?:name)?|website|site|foo|bar|xxx+|acme|server|host|provider|school|university)"
    r"(?:\.(?:[a-z]{2,3}))?\.(?:[a-z]{2,8})$"
    r"|\.(?:test|example|invalid|local|localhost|internal|png|jpe?g|gif|svg|js|css|py)$"
    r"|^[a-z0-9]{1,2}\.[a-z]{2,3}$"
)
SAMPLE_NAME = re.compile(
    r"(?i)^(?:your|my|some|the)[._-]?.*|.*(?:example|sample|test|dummy|address|e-?mail|username).*"
    r"|^(?:user|name|person|abc|xyz|foo|bar|baz|hoge|fuga|sender|recipient|receiver|first|last"
    r"|someone|somebody|anyone|customer|client|employee|student|member|new_?user)[._-]?[a-z]*[0-9]*$"
    r"|^(?:j|john|jane|johnny|janet)[._-]?(?:doe|smith)[0-9]*$|^x{2,}.*"
)
ROLE = re.compile(
    r"(?i)^(?:info|support|contact|help|helpdesk|sales|service|customer[._-]?(?:service|support|care)"
    r"|admin|administrator|webmaster|postmaster|hostmaster|no-?reply|do-?not-?reply|noreply.*|hello|hi"
    r"|team|office|press|media|news|newsletter|marketing|jobs|careers?|hr|recruit(?:ing|ment)?|billing"
    r"|accounts?|orders?|offers?|promotions?|alerts?|notifications?|feedback|abuse|security|privacy"
    r"|legal|git|root|mail|web|enquir(?:y|ies)|inquir(?:y|ies)|reservations?|bookings?|events?"
    r"|subscribe|unsubscribe|donate|editor|editors|reception|general|otoiawase|toiawase|koho|saiyo)$"
)
SHORTEST_NAME = 2  # characters before the @; `a@d.co` is code


SPELT_AT = re.compile(r"\s?[\[({](?:at|AT)[\])}]\s?")
SPELT_DOT = re.compile(r"\s?[\[(](?:dot|DOT)[\])]\s?")


def is_personal_mail(text: str) -> bool:
    """An address that may reach one person: no reserved domain, no stock name, no role."""
    text = SPELT_DOT.sub(".", SPELT_AT.sub("@", text))
    if not ADDRESS.fullmatch(text):
        return False
    name, _, domain = text.partition("@")
    if len(name) < SHORTEST_NAME or name.startswith(".") or not re.search(r"[A-Za-z]", name):
        return False
    return not (SAMPLE_DOMAIN.search(domain) or SAMPLE_NAME.match(name) or ROLE.match(name))
