"""Which file a record is held to."""

from __future__ import annotations

from pathlib import Path

from tandem.engine.base import LOCAL_CHAINS
from tandem.errors import ConfigError
from tandem.protocol.deployment import JOINT, Deployment
from tandem.protocol.recipe import Recipe, load_recipes
from tandem.protocol.recipe_checks import NoRolesError


def reviewed(file: Path | None, record: Path, found: Deployment) -> Recipe | None:
    """What a record is held to: the file, or on a chain of others the one that lies beside the record, named
    as the deployment is or as the part of its name before its market's. None where there is none. Raises
    ConfigError where the file has no such deployment, and where the one beside it names nobody's roles."""
    if file is not None:
        return _of(file, load_recipes(file), found)
    parts = found.name.split(JOINT)
    names = [JOINT.join(parts[:n]) for n in range(len(parts), 0, -1)]
    beside = (record.with_name(f"{name}.toml") for name in names)
    file = next((each for each in beside if each.is_file()), None)
    if file is None or found.chain_id in LOCAL_CHAINS:
        return None
    try:
        return _of(file, load_recipes(file), found)
    except NoRolesError as error:
        raise NoRolesError(
            f"{file.name} beside the record is not the reviewed one: it names nobody's roles",
            "name the reviewed file with --recipe",
        ) from error


def _of(file: Path, recipes: tuple[Recipe, ...], found: Deployment) -> Recipe:
    """The one of the deployment's name, or the only one."""
    for recipe in recipes:
        if recipe.name == found.name or len(recipes) == 1:
            return recipe
    names = ", ".join(recipe.name for recipe in recipes)
    raise ConfigError(f"{file} has no deployment of the name {found.name}", f"it has {names}")
