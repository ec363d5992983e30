"""Aave 3.6 as its publisher ships it: sources, compiled here."""

from __future__ import annotations

from tandem.engine.artifacts import Artifact
from tandem.engine.solidity import Publication

LOGIC = ("SupplyLogic", "BorrowLogic", "LiquidationLogic", "PoolLogic", "ConfiguratorLogic")
# What one library of it is linked with.
FLASH = "FlashLoanLogic"

# The one that its own dependency asks for: another venue's, beside it, is of another age.
_ZEPPELIN = "@bgd-labs/solidity-utils/node_modules/@openzeppelin"
_FOLDER = "@aave-dao/aave-v3-origin/src/contracts"
_FILES = (
    ("PoolAddressesProvider", "protocol/configuration/PoolAddressesProvider.sol"),
    ("ACLManager", "protocol/configuration/ACLManager.sol"),
    ("AaveOracle", "misc/AaveOracle.sol"),
    ("DefaultReserveInterestRateStrategyV2", "misc/DefaultReserveInterestRateStrategyV2.sol"),
    ("PriceOracleSentinel", "misc/PriceOracleSentinel.sol"),
    *(
        (name, f"instances/{name}.sol")
        for name in (
            "PoolInstance",
            "PoolConfiguratorInstance",
            "ATokenInstance",
            "VariableDebtTokenInstance",
        )
    ),
    *((name, f"protocol/libraries/logic/{name}.sol") for name in (*LOGIC, FLASH)),
)

AAVE = Publication(
    name="aave-3.6.0",
    folder=_FOLDER,
    files=_FILES,
    remappings=(
        ("solidity-utils/", "@bgd-labs/solidity-utils/src/"),
        ("openzeppelin-contracts-upgradeable/contracts/", f"{_ZEPPELIN}/contracts-upgradeable/"),
        ("openzeppelin-contracts/contracts/", f"{_ZEPPELIN}/contracts/"),
    ),
    runs=200,
    evm="shanghai",
)


def published(name: str) -> Artifact:
    """An artifact to bind to an address: its libraries are where that stands."""
    return AAVE.artifact(name, dict.fromkeys((*LOGIC, FLASH), "0x" + "00" * 20))
