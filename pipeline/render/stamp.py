"""When an edition was made, and the name it has for ever: from its content, never from the clock."""

import os
import uuid
from datetime import UTC, datetime

from pipeline.book import Edition
from pipeline.errors import SettingsError

# The day the layout of our editions was last changed. Editions carry it unless SOURCE_DATE_EPOCH says otherwise, so
# that the same input gives the same bytes tomorrow. A publisher who reissues a book sets SOURCE_DATE_EPOCH.
LAYOUT_DATE = datetime(2026, 11, 22, tzinfo=UTC)
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:zhpress:edition")


def moment() -> datetime:
    """SOURCE_DATE_EPOCH (https://reproducible-builds.org/specs/source-date-epoch/), else `LAYOUT_DATE`; in UTC.

    Raises SettingsError where the variable is no number of seconds that a zip file can date (1980 to 2107).
    """
    said = os.environ.get("SOURCE_DATE_EPOCH")
    if said is None or not said.strip():
        return LAYOUT_DATE
    try:
        made = datetime.fromtimestamp(int(said), tz=UTC)
    except (ValueError, OverflowError, OSError):
        made = None
    if made is None or not 1980 <= made.year <= 2107:
        raise SettingsError(
            f"环境变量 SOURCE_DATE_EPOCH 的值“{said}”不能用",
            remedy="写成 1970 年以来的秒数（1980 至 2107 年之间），例如 1767225600，或不设",
            where="SOURCE_DATE_EPOCH",
        )
    return made


def identifier(edition: Edition) -> str:
    """A UUIDv5 as urn: the same for every revision of this edition of this book, and never the print ISBN.

    It is drawn from what names the print book (ISBN, else title, creators, publisher and date) and the edition's name.
    """
    data = edition.book.metadata
    names = [creator.name for creator in data.creators]
    print_book = data.isbn or "\n".join([data.title or edition.stem, *names, data.publisher, data.date])
    return uuid.uuid5(_NAMESPACE, f"{print_book}\n{edition.name}\n{edition.lang}").urn
