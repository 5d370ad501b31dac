"""The one time of a run: of SOURCE_DATE_EPOCH when that is set, so that same inputs give same bytes."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime


def now() -> datetime:
    """The moment of the run, in UTC."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)


def today() -> date:
    """The day of the run: of SOURCE_DATE_EPOCH in UTC, else where this machine stands."""
    return now().date() if os.environ.get("SOURCE_DATE_EPOCH") else date.today()
