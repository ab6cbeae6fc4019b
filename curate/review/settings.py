"""Settings of a review, kept in the store: they hold for everybody who works on it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace

from curate.errors import BadSetting, unknown
from curate.store import notes
from curate.store.database import Connection, Store


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set, with what holds where nothing was."""

    lease_seconds: float = 300.0  # how long a record is one person's, unless renewed
    control_share: float = 0.1  # of what is shown, drawn at random from all records
    double_share: float = 0.0  # of the items, decided by two people who do not see each other


HIGHEST = {"lease_seconds": 86_400.0, "control_share": 0.5, "double_share": 1.0}
LOWEST = {"lease_seconds": 1.0, "control_share": 0.0, "double_share": 0.0}


def settings_of(on: Connection) -> Settings:
    """What holds on this store; names that another version has set are left alone."""
    known = {each.name for each in fields(Settings)}
    said = notes.all_settings(on)
    return replace(Settings(), **{name: said[name] for name in said if name in known})


def change(store: Store, name: str, value: float) -> Settings:
    """Set one for everybody; BadSetting says what is allowed."""
    known = asdict(Settings())
    if name not in known:
        raise BadSetting(unknown("setting", name, known))
    if not LOWEST[name] <= value <= HIGHEST[name]:
        raise BadSetting(f"{name}={value}: allowed is {LOWEST[name]:g} to {HIGHEST[name]:g}")

    def work(on: Connection) -> Settings:
        notes.set_setting(on, name, float(value))
        return settings_of(on)

    return store.write(work)
