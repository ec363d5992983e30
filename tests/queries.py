"""What an expression for Prometheus asks, by Prometheus' own grammar."""

from __future__ import annotations

from typing import Any, TypeVar

import promql_parser as promql

T = TypeVar("T")


def parts(expression: str, kind: type[T]) -> list[T]:
    """Its parts of one kind. Raises ValueError for what is no expression."""
    found: list[Any] = []

    def visit(part: Any) -> None:
        found.append(part)

    promql.walk(promql.parse(expression), visit)
    return [part for part in found if isinstance(part, kind)]


def names(expression: str) -> set[str]:
    """The figures that are asked for."""
    return {str(each.name) for each in parts(expression, promql.VectorSelector)}


def matchers(expression: str) -> list[tuple[str, str, str]]:
    """(figure, label, value) of each choice by a label."""
    return [
        (str(each.name), matcher.name, matcher.value)
        for each in parts(expression, promql.VectorSelector)
        for matcher in each.matchers.matchers
    ]


def grouped(expression: str) -> set[str]:
    """Labels by which, or without which, figures are brought together."""
    modifiers = [each.modifier for each in parts(expression, promql.AggregateExpr)]
    return {label for each in modifiers if each is not None for label in each.labels}
