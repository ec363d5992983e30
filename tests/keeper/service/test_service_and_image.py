"""The service and the image that operators are given start a keeper that there is, with settings that are."""

from __future__ import annotations

import configparser
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from dockerfile_parse import DockerfileParser

from keeper.settings import load_settings
from keeper.tables import MetricsTable
from tandem.settings import PREFIX
from tandem.terminal.ending import EXIT_ERROR
from tandem.terminal.group import main

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "deployments" / "keeper"
UNIT = FOLDER / "tandem-keeper.service"
HARDENING = {
    "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
    "PrivateDevices": "yes", "CapabilityBoundingSet": "", "RestrictSUIDSGID": "yes",
    "SystemCallArchitectures": "native", "UMask": "0077",
}  # fmt: skip


class Several(dict[str, Any]):
    """A section in which a name may stand more than once: each on a line."""

    def __setitem__(self, key: str, value: Any) -> None:
        if isinstance(value, list):
            value = [*self.get(key, []), *value]
        super().__setitem__(key, value)


@pytest.fixture(scope="module")
def service() -> configparser.SectionProxy:
    unit = configparser.RawConfigParser(strict=False, dict_type=Several, interpolation=None)
    unit.optionxform = str  # names keep their capitals
    unit.read(UNIT)
    assert set(unit.sections()) == {"Unit", "Service", "Install"}
    return unit["Service"]


@pytest.fixture(scope="module")
def image() -> list[dict[str, str]]:
    """The instructions, in order."""
    found = DockerfileParser(fileobj=(FOLDER / "Dockerfile").open("rb")).structure
    return [each for each in found if each["instruction"] != "COMMENT"]


def of(image: list[dict[str, str]], name: str) -> list[str]:
    return [each["value"] for each in image if each["instruction"] == name]


def parses(words: list[str]) -> None:
    """As `tandem` would take it."""
    assert Path(words[0]).name == "tandem"
    with click.Context(main) as context:
        command = main.get_command(context, words[1])
        assert command is not None
        command.make_context(words[1], words[2:], parent=context)


def variables(lines: Iterator[str]) -> dict[str, str]:
    parted = (line.partition("=") for line in lines if "=" in line)
    return {name: value for name, _, value in parted if name.startswith(PREFIX)}


def test_it_starts_a_command_that_there_is(
    service: configparser.SectionProxy, image: list[dict[str, str]]
) -> None:
    parses(shlex.split(service["ExecStart"]))
    (entry,), (command,) = of(image, "ENTRYPOINT"), of(image, "CMD")[-1:]
    parses([*_listed(entry), *_listed(command)])


def _listed(value: str) -> list[str]:
    return [word for word in shlex.split(value.strip("[]").replace(",", " ")) if word]


def test_every_setting_that_it_names_is_one_and_keys_are_left_empty(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, image: list[dict[str, str]]
) -> None:
    monkeypatch.chdir(tmp_path)
    given = variables(iter((FOLDER / "keeper.env").read_text().splitlines()))
    built = variables(iter(" ".join(of(image, "ENV")).split()))
    assert {"TANDEM_RPC", "TANDEM_KEY", "TANDEM_ALERTS__URLS"} <= given.keys()
    assert not any(given[name] for name in given if "KEY" in name or "URLS" in name)
    assert built
    for name, value in (given | built).items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    reviewed = FOLDER.parent / settings.deployment.with_suffix(".toml").name
    assert settings.market in tomllib.loads(reviewed.read_text())["markets"], "it has several"
    assert settings.key is None
    assert settings.metrics.port


def test_what_halted_is_left_for_a_person_and_everything_else_begun_again(
    service: configparser.SectionProxy,
) -> None:
    assert service["Restart"] == "on-failure"
    assert service["RestartPreventExitStatus"] == str(EXIT_ERROR)
    assert service["SuccessExitStatus"] == "143"
    assert service["KillSignal"] == "SIGTERM"
    assert float(service["TimeoutStopSec"]) > 5


def test_it_may_do_no_more_than_it_needs(service: configparser.SectionProxy) -> None:
    for name, value in HARDENING.items():
        assert service[name] == value, name
    assert service["User"] != "root"
    assert service["EnvironmentFile"] == "/etc/tandem/keeper.env"
    assert "XDG_DATA_HOME=%S" in service["Environment"]
    assert service["StateDirectory"] == "tandem"  # what the user's folder for data is called


def test_the_image_is_pinned_copies_what_there_is_and_is_not_root(
    image: list[dict[str, str]],
) -> None:
    bases = of(image, "FROM")
    assert len(bases) == 2
    for base in bases:
        name, _, tag = base.split()[0].partition(":")
        assert name == "python"
        assert tag.count(".") == 2 or "@sha256:" in base
    let_in = [line[1:] for line in _ignored() if line.startswith("!")]
    for value in of(image, "COPY"):
        words = value.split()
        if words[0].startswith("--from="):
            continue
        for source in words[:-1]:
            assert (ROOT / source).exists(), source
            assert source in let_in, source
    (user,) = of(image, "USER")
    assert user.split(":")[0] not in ("0", "root")
    assert of(image, "STOPSIGNAL") == ["SIGTERM"]
    (check,) = of(image, "HEALTHCHECK")
    port = variables(iter(" ".join(of(image, "ENV")).split()))["TANDEM_METRICS__PORT"]
    assert f":{port}/health" in check
    assert MetricsTable().host in check
    installs = " ".join(of(image, "RUN"))
    assert installs.count("--require-hashes") == 2
    assert "/var/lib/tandem" in of(image, "VOLUME")


def _ignored() -> list[str]:
    lines = (FOLDER / "Dockerfile.dockerignore").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_what_the_image_is_built_from_holds_no_secrets() -> None:
    assert _ignored()[0] == "*"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")
def test_systemd_takes_the_unit_and_finds_little_exposed(tmp_path: Path) -> None:
    """Its program and its user are not on this machine: in their place stand some that are."""
    here = UNIT.read_text().replace("/opt/tandem/.venv/bin/tandem", "/bin/true")
    copy = tmp_path / UNIT.name
    copy.write_text(
        here.replace("User=tandem", "User=daemon").replace("Group=tandem", "Group=daemon")
    )
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(copy)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    said = [line for line in verified.stderr.splitlines() if UNIT.name in line]
    assert (verified.returncode, said) == (0, [])
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=30", str(copy)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert judged.returncode == 0, judged.stdout[-400:] + judged.stderr


def builder() -> str:
    """Why no image can be built here; "" where one can."""
    program = shutil.which("docker")
    if program is None:
        return "no docker here"
    asked = subprocess.run([program, "info"], capture_output=True, timeout=60, check=False)
    return "" if asked.returncode == 0 else "docker has no daemon here"


@pytest.mark.long
def test_the_image_is_built_and_knows_its_command() -> None:
    if why := builder():
        pytest.skip(why)
    build = ["docker", "build", "--file", str(FOLDER / "Dockerfile"), "--tag", "tandem-keeper", "."]
    subprocess.run(build, cwd=ROOT, check=True, timeout=1_800)
    run = ["docker", "run", "--rm", "tandem-keeper", "run", "--help"]
    said = subprocess.run(run, capture_output=True, text=True, check=True, timeout=120)
    assert "Keep a market" in said.stdout
