"""What a test asks a keeper by HTTP, and how it reads the answer."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from http.client import HTTPConnection

from prometheus_client.parser import text_string_to_metric_families


def free_port() -> int:
    """One that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def get(port: int, path: str, method: str = "GET") -> tuple[int, str]:
    """Status and body."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def samples(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Every figure by its name and labels, which are in order."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def figure(text: str, name: str, **labels: str) -> float | None:
    """The one figure of that name that has these labels; None where there is none."""
    wanted: Mapping[str, str] = labels
    found = [
        value
        for (of, has), value in samples(text).items()
        if of == name and wanted.items() <= dict(has).items()
    ]
    assert len(found) < 2, f"{name}: {len(found)} figures"
    return found[0] if found else None
