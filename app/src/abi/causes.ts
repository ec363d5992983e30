// Generated from the sources by `make generate`: do not edit.
export const CAUSES = {
 "premium": "Spread: what traders paid above the model's value of what they bought.",
 "fees": "Trading fees and the charge for capital that is set aside.",
 "delta": "What book and hedge together were exposed to, times the move of spot.",
 "gamma": "The rest of valuing the book at the new spot: its curvature, and jumps in full.",
 "theta": "Time that passed, and what was left of it when an expiry settled.",
 "vega": "Volatilities that signers posted, the forward's basis included.",
 "funding": "What holding the hedge brought at its venue: funding, interest, or carry.",
 "hedge_cost": "What orders cost against the oracle less what traders were charged; a pool behind the index, bounties, liquidations and a venue's losses included.",
 "residual": "What no cause explains."
} as const;
export const ENTRIES = "What those who came or left at another price than NAV gave those who stayed.";
export const CAUSE_EVENTS = [
 {
  "contract": "Market",
  "kind": "trade",
  "topic": "0xab8638cd39b2683950f0b0c994a0a9e6e746c5f00b9e0f8f40ad9e1d37adf8bb",
  "people": [],
  "event": {
   "type": "event",
   "name": "OptionMinted",
   "inputs": [
    {
     "name": "series",
     "type": "uint256",
     "indexed": true
    },
    {
     "name": "owner",
     "type": "address",
     "indexed": true
    },
    {
     "name": "units",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "premium",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "fee",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "capital_charge",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "hedge_cost",
     "type": "int256",
     "indexed": false
    },
    {
     "name": "spot",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "maxima",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "floor",
     "type": "int256",
     "indexed": false
    }
   ]
  }
 },
 {
  "contract": "Market",
  "kind": "trade",
  "topic": "0x99358cf8624a6dde1a84fb162a9320d24367b87304beb41af2d216257960fbd6",
  "people": [],
  "event": {
   "type": "event",
   "name": "OptionClosed",
   "inputs": [
    {
     "name": "series",
     "type": "uint256",
     "indexed": true
    },
    {
     "name": "owner",
     "type": "address",
     "indexed": true
    },
    {
     "name": "units",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "premium",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "fee",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "hedge_cost",
     "type": "int256",
     "indexed": false
    },
    {
     "name": "payout",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "spot",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "maxima",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "floor",
     "type": "int256",
     "indexed": false
    }
   ]
  }
 },
 {
  "contract": "Market",
  "kind": "settlement",
  "topic": "0xd6bc57af9bdeff672c39eb7ac8725e83883c78f01ea44f6ce017a99e3ef5bb3c",
  "people": [],
  "event": {
   "type": "event",
   "name": "Settled",
   "inputs": [
    {
     "name": "expiry",
     "type": "uint256",
     "indexed": true
    },
    {
     "name": "price",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "units",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "payouts",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "maxima",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "claims",
     "type": "uint256",
     "indexed": false
    }
   ]
  }
 },
 {
  "contract": "Market",
  "kind": "rebalance",
  "topic": "0x61299ddca97cbcdb1e622eaf36acb97daaa4da4c7efd8cc0ddb26e7f8161fd06",
  "people": [],
  "event": {
   "type": "event",
   "name": "Hedged",
   "inputs": [
    {
     "name": "caller",
     "type": "address",
     "indexed": true
    },
    {
     "name": "order",
     "type": "int256",
     "indexed": false
    },
    {
     "name": "quote_delta",
     "type": "int256",
     "indexed": false
    },
    {
     "name": "venue_fee",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "oracle_price",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "cost",
     "type": "int256",
     "indexed": false
    },
    {
     "name": "trader_cost",
     "type": "int256",
     "indexed": false
    },
    {
     "name": "residual_before",
     "type": "int256",
     "indexed": false
    },
    {
     "name": "residual_after",
     "type": "int256",
     "indexed": false
    },
    {
     "name": "position_after",
     "type": "int256",
     "indexed": false
    },
    {
     "name": "hard_band",
     "type": "uint256",
     "indexed": false
    }
   ]
  }
 },
 {
  "contract": "MarginDesk",
  "kind": "rebalance",
  "topic": "0x28c2a2e477ca61bd0ffcce1f959236fb0be89624e991d87c59677c1dacc9b6da",
  "people": [],
  "event": {
   "type": "event",
   "name": "Delevered",
   "inputs": [
    {
     "name": "venue",
     "type": "address",
     "indexed": true
    },
    {
     "name": "order",
     "type": "int256",
     "indexed": false
    },
    {
     "name": "position",
     "type": "int256",
     "indexed": false
    },
    {
     "name": "received",
     "type": "int256",
     "indexed": false
    },
    {
     "name": "usable",
     "type": "int256",
     "indexed": false
    },
    {
     "name": "need",
     "type": "uint256",
     "indexed": false
    }
   ]
  }
 },
 {
  "contract": "MarginDesk",
  "kind": "rebalance",
  "topic": "0x763ce36ee65aad3cbce40b681fa413f7ae271eff4ee0a23e6905659a518fc415",
  "people": [],
  "event": {
   "type": "event",
   "name": "Shifted",
   "inputs": [
    {
     "name": "source",
     "type": "address",
     "indexed": true
    },
    {
     "name": "target",
     "type": "address",
     "indexed": true
    },
    {
     "name": "size",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "received",
     "type": "int256",
     "indexed": false
    }
   ]
  }
 },
 {
  "contract": "Bounty",
  "kind": "rebalance",
  "topic": "0x84170231e12cecbf1ebd137f70b0c23ade6329c0d1f62d4fcbaac0b9f29b8749",
  "people": [],
  "event": {
   "type": "event",
   "name": "BountyPaid",
   "inputs": [
    {
     "name": "recipient",
     "type": "address",
     "indexed": true
    },
    {
     "name": "amount",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "order",
     "type": "int256",
     "indexed": false
    },
    {
     "name": "before",
     "type": "int256",
     "indexed": false
    },
    {
     "name": "after",
     "type": "int256",
     "indexed": false
    }
   ]
  }
 },
 {
  "contract": "Vault",
  "kind": "margin",
  "topic": "0x06153dfb5bbf321206abf6a0d656bffd50bce385b925414cf7a7dd4ebcbca7ae",
  "people": [],
  "event": {
   "type": "event",
   "name": "Lent",
   "inputs": [
    {
     "name": "recipient",
     "type": "address",
     "indexed": true
    },
    {
     "name": "amount",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "cash",
     "type": "uint256",
     "indexed": false
    }
   ]
  }
 },
 {
  "contract": "Vault",
  "kind": "margin",
  "topic": "0x5a0821276ab8f8051801b03495d499eb4f0498b2fd5530f95178f46741d1c738",
  "people": [],
  "event": {
   "type": "event",
   "name": "Restored",
   "inputs": [
    {
     "name": "amount",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "cash",
     "type": "uint256",
     "indexed": false
    }
   ]
  }
 },
 {
  "contract": "Vault",
  "kind": "deposit",
  "topic": "0xdcbc1c05240f31ff3ad067ef1ee35ce4997762752e3a095284754544f4c709d7",
  "people": [],
  "event": {
   "type": "event",
   "name": "Deposit",
   "inputs": [
    {
     "name": "sender",
     "type": "address",
     "indexed": true
    },
    {
     "name": "owner",
     "type": "address",
     "indexed": true
    },
    {
     "name": "assets",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "shares",
     "type": "uint256",
     "indexed": false
    }
   ]
  }
 },
 {
  "contract": "Vault",
  "kind": "exit",
  "topic": "0x773b89f117a3d995584dcbf414d69cbf763a7a3578c2599c79ebb11180d3f163",
  "people": [],
  "event": {
   "type": "event",
   "name": "EpochProcessed",
   "inputs": [
    {
     "name": "epoch",
     "type": "uint256",
     "indexed": true
    },
    {
     "name": "burned",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "assets",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "left",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "exits",
     "type": "uint256",
     "indexed": false
    }
   ]
  }
 },
 {
  "contract": "Vault",
  "kind": "mark",
  "topic": "0xd525d45e413fb6a08cf4d85b0d67399206fc06513bbf9f15df8f0ec844890634",
  "people": [],
  "event": {
   "type": "event",
   "name": "Marked",
   "inputs": [
    {
     "name": "nav_low",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "nav_high",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "supply",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "cash",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "exits",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "bankrupt",
     "type": "bool",
     "indexed": false
    }
   ]
  }
 }
] as const;
