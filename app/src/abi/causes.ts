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
export const CAUSE_NAMES = ["OptionMinted", "OptionClosed", "Settled", "Hedged", "Delevered", "Shifted", "BountyPaid", "Lent", "Restored", "Deposit", "EpochProcessed", "Marked"] as const;
export const MOVED = [
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
 }
] as const;
