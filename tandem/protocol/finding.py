"""What a look at a deployment found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing, checked. fault: "" where it is as it must be; note: what people should know and is no
    fault, "" for nothing."""

    name: str
    address: str
    fault: str
    note: str = ""
