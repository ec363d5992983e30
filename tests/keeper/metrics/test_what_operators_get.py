"""The dashboard and the alerts ask for figures that there are, and each alert has its page."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import promql_parser as promql
import pytest
import yaml
from queries import grouped, matchers, names

from keeper.alerts.herald import SAID
from keeper.cycle import Keeper
from keeper.execution.signers import Signers
from keeper.meters import MARKET
from keeper.metrics import Meter
from metrics.asking import samples
from tandem.engine.remote import RemoteEngine

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guide"
PAGE = (GUIDE / "operators.md").read_text(encoding="utf-8")
DASHBOARD: dict[str, Any] = json.loads((GUIDE / "monitoring" / "grafana.json").read_text())
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((GUIDE / "monitoring" / "alerts.yaml").read_text())["groups"]
    for rule in group["rules"]
]
EXPRESSIONS = [
    *(rule["expr"] for rule in RULES),
    *(target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]),
]
ITS_OWN = {"up": {"job", "instance"}}
"""What Prometheus says of whom it asks, with its labels; it adds these to all figures."""
OF_SEVERAL = {MARKET, "account", "chain"}
"""Labels that figures of several markets have besides."""


@pytest.fixture
def known(keeper: Keeper, market: Any) -> dict[str, list[dict[str, str]]]:
    """Every figure of a keeper that has kept for a cycle: its name, and the labels that it has."""
    meter = Meter()
    assert keeper.observer.desk
    keeper.observer.desk.signers = Signers(("http://127.0.0.1:9",), lambda: 1, lambda _: True)
    assert isinstance(keeper.observer.engine, RemoteEngine)
    meter.watch(keeper, keeper.observer.engine.node)
    meter.cycle(keeper)
    meter.monitors.look(keeper)
    found: dict[str, list[dict[str, str]]] = {}
    for name, labels in samples(meter.text().decode()):
        found.setdefault(name, []).append(dict(labels))
    return found


def test_every_expression_asks_for_what_there_is(known: dict[str, list[dict[str, str]]]) -> None:
    for expression in EXPRESSIONS:
        asked = names(expression)
        assert asked, expression
        assert asked <= known.keys() | ITS_OWN.keys(), expression
        allowed = set().union(OF_SEVERAL, *ITS_OWN.values())
        for name in asked - ITS_OWN.keys():
            allowed |= known[name][0].keys()
        assert grouped(expression) <= allowed, expression


def test_every_label_that_is_chosen_by_has_that_value(
    known: dict[str, list[dict[str, str]]],
) -> None:
    chosen = [each for expression in EXPRESSIONS for each in matchers(expression)]
    assert ("tandem_actions_total", "state", "reverted") in chosen
    for name, label, value in chosen:
        if label in ITS_OWN["up"]:
            continue
        assert value in {labels.get(label) for labels in known[name]}, (name, label, value)


def test_every_figure_is_shown_or_watched(known: dict[str, list[dict[str, str]]]) -> None:
    shown = set().union(*map(names, EXPRESSIONS))
    ours = {
        name for name in known
        if not name.endswith(("_created", "_sum"))
    }  # fmt: skip
    assert ours <= shown


def test_each_alert_has_a_page_of_its_own_and_each_page_an_alert() -> None:
    section = PAGE.split("## When an alert fires\n")[1].split("\n## ")[0]
    pages = dict(re.findall(r"^### (\w+)\n\n(.*?)(?=\n### |\Z)", section, re.S | re.M))
    assert pages.keys() == {rule["alert"] for rule in RULES} | {SAID}
    assert len({rule["alert"] for rule in RULES}) == len(RULES)
    assert min(len(text.split()) for text in pages.values()) > 20
    for rule in RULES:
        page, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert (GUIDE.parents[1] / page).samefile(GUIDE / "operators.md")
        assert anchor == rule["alert"].lower()
        assert rule["labels"]["severity"] in ("warning", "critical")
        assert rule["annotations"]["summary"]
    assert set(re.findall(r"\*(Tandem\w+)\*", section)) <= pages.keys()


@pytest.mark.skipif(shutil.which("promtool") is None, reason="no promtool here")
def test_prometheus_own_tool_takes_the_rules() -> None:
    file = GUIDE / "monitoring" / "alerts.yaml"
    checked = subprocess.run(
        ["promtool", "check", "rules", str(file)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr
    assert f"{len(RULES)} rules found" in checked.stdout


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_expression_is_one_by_prometheus_own_grammar(expression: str) -> None:
    """Where promtool is not; brackets that do not close or a function that there is not are found here."""
    assert names(expression)
    with pytest.raises(ValueError, match=r"."):
        names(f"{expression} > (")


def test_a_rule_waits_for_a_length_of_time_and_tells_its_value() -> None:
    for rule in RULES:
        assert rule.keys() <= {"alert", "expr", "for", "labels", "annotations"}
        if "for" in rule:
            assert promql.parse_duration(rule["for"]).total_seconds() >= 60


def test_the_dashboard_is_one(known: dict[str, list[dict[str, str]]]) -> None:
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(ids)) == len(ids)
    variables = {each["name"]: each for each in DASHBOARD["templating"]["list"]}
    (asked,) = re.findall(r"label_values\((\w+), instance\)", variables["instance"]["query"])
    assert asked in known
    used = set(re.findall(r"\$\{?(\w+)", json.dumps(DASHBOARD["panels"])))
    assert used == {"datasource", "instance"} <= variables.keys()
    taken = set[tuple[int, int]]()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        cells = {
            (x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])
        }  # fmt: skip
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells
