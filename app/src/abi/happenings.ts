// Generated from the sources by `make generate`: do not edit.
export const HAPPENINGS = [
 {
  "contract": "Market",
  "kind": "trade",
  "topic": "0xab8638cd39b2683950f0b0c994a0a9e6e746c5f00b9e0f8f40ad9e1d37adf8bb",
  "people": [
   "owner"
  ],
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
  "people": [
   "owner"
  ],
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
  "kind": "rebalance",
  "topic": "0x61299ddca97cbcdb1e622eaf36acb97daaa4da4c7efd8cc0ddb26e7f8161fd06",
  "people": [
   "caller"
  ],
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
  "kind": "redemption",
  "topic": "0xd1f50717286f9564e69db657165181e471d01523ce248549f6f28b5d6b044d5b",
  "people": [
   "owner"
  ],
  "event": {
   "type": "event",
   "name": "Redeemed",
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
     "name": "paid",
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
  "kind": "listing",
  "topic": "0x676863a1c51c9724d3c56ce2a4b6a1c5f74ef299ab3b37f2703ea14d85a20675",
  "people": [],
  "event": {
   "type": "event",
   "name": "ExpiryListed",
   "inputs": [
    {
     "name": "expiry",
     "type": "uint256",
     "indexed": true
    },
    {
     "name": "strikes",
     "type": "uint256[]",
     "indexed": false
    }
   ]
  }
 },
 {
  "contract": "HedgeRouter",
  "kind": "rebalance",
  "topic": "0x88954b0da17610b108db5972cdb6f4f9683db040ebe700deb79de5af37a0aa93",
  "people": [],
  "event": {
   "type": "event",
   "name": "HedgeWaits",
   "inputs": [
    {
     "name": "order",
     "type": "int256",
     "indexed": false
    },
    {
     "name": "spot",
     "type": "uint256",
     "indexed": false
    }
   ]
  }
 },
 {
  "contract": "VenueSet",
  "kind": "rebalance",
  "topic": "0x3c39abc2522ac8d4374c5be3ee8f44667304795149c4c5bedaa0cf7ec413897e",
  "people": [],
  "event": {
   "type": "event",
   "name": "LegFilled",
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
     "name": "quote_delta",
     "type": "int256",
     "indexed": false
    },
    {
     "name": "fee",
     "type": "uint256",
     "indexed": false
    }
   ]
  }
 },
 {
  "contract": "VenueSet",
  "kind": "guardian",
  "topic": "0xc5faca512737e1572fecc553836bd83208ebef2cc094ed54f1060212ef14a2dc",
  "people": [],
  "event": {
   "type": "event",
   "name": "BegunAnew",
   "inputs": [
    {
     "name": "venue",
     "type": "address",
     "indexed": true
    },
    {
     "name": "position",
     "type": "int256",
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
  "contract": "MarginDesk",
  "kind": "margin",
  "topic": "0x59fd2a167a4a725688e7574d75224a10b743b79eb1713b48bfd84eac1e8e7280",
  "people": [],
  "event": {
   "type": "event",
   "name": "MarginToppedUp",
   "inputs": [
    {
     "name": "venue",
     "type": "address",
     "indexed": true
    },
    {
     "name": "amount",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "wanted",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "equity_before",
     "type": "int256",
     "indexed": false
    },
    {
     "name": "lost",
     "type": "uint256",
     "indexed": false
    }
   ]
  }
 },
 {
  "contract": "MarginDesk",
  "kind": "margin",
  "topic": "0x42628620ce8fc3603467e105808cb3593452062479c948d9690222b8a678a1ab",
  "people": [],
  "event": {
   "type": "event",
   "name": "MarginSwept",
   "inputs": [
    {
     "name": "venue",
     "type": "address",
     "indexed": true
    },
    {
     "name": "amount",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "equity_before",
     "type": "int256",
     "indexed": false
    }
   ]
  }
 },
 {
  "contract": "Bounty",
  "kind": "rebalance",
  "topic": "0x4f228bb17ef583c723b535726242babdce75fbc6ff7aec843d1e557159e37ded",
  "people": [
   "caller"
  ],
  "event": {
   "type": "event",
   "name": "Stamped",
   "inputs": [
    {
     "name": "caller",
     "type": "address",
     "indexed": true
    },
    {
     "name": "residual",
     "type": "int256",
     "indexed": false
    },
    {
     "name": "sigma",
     "type": "uint256",
     "indexed": false
    }
   ]
  }
 },
 {
  "contract": "Bounty",
  "kind": "rebalance",
  "topic": "0x84170231e12cecbf1ebd137f70b0c23ade6329c0d1f62d4fcbaac0b9f29b8749",
  "people": [
   "recipient"
  ],
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
  "kind": "deposit",
  "topic": "0xdcbc1c05240f31ff3ad067ef1ee35ce4997762752e3a095284754544f4c709d7",
  "people": [
   "sender",
   "owner"
  ],
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
  "topic": "0x1fdc681a13d8c5da54e301c7ce6542dcde4581e4725043fdab2db12ddc574506",
  "people": [
   "controller",
   "owner",
   "sender"
  ],
  "event": {
   "type": "event",
   "name": "RedeemRequest",
   "inputs": [
    {
     "name": "controller",
     "type": "address",
     "indexed": true
    },
    {
     "name": "owner",
     "type": "address",
     "indexed": true
    },
    {
     "name": "requestId",
     "type": "uint256",
     "indexed": true
    },
    {
     "name": "sender",
     "type": "address",
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
  "topic": "0xfafc9a326823392a92fcc68537ea4643456acb2fc6e526770bedd11714eb3cc5",
  "people": [
   "owner"
  ],
  "event": {
   "type": "event",
   "name": "ExitQueued",
   "inputs": [
    {
     "name": "owner",
     "type": "address",
     "indexed": true
    },
    {
     "name": "epoch",
     "type": "uint256",
     "indexed": true
    },
    {
     "name": "amount",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "queued",
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
  "kind": "exit",
  "topic": "0xfbde797d201c681b91056529119e0b02407c7bb96a4a2c75c01fc9667232c8db",
  "people": [
   "sender",
   "receiver",
   "owner"
  ],
  "event": {
   "type": "event",
   "name": "Withdraw",
   "inputs": [
    {
     "name": "sender",
     "type": "address",
     "indexed": true
    },
    {
     "name": "receiver",
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
 },
 {
  "contract": "VolSurface",
  "kind": "surface",
  "topic": "0x3b8101f37642767d992b4452557fc106e217a30994e702df15994986a68c3e20",
  "people": [
   "relayer"
  ],
  "event": {
   "type": "event",
   "name": "SlicePosted",
   "inputs": [
    {
     "name": "expiry",
     "type": "uint256",
     "indexed": true
    },
    {
     "name": "slice_word",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "beside",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "is_ahead",
     "type": "bool",
     "indexed": false
    },
    {
     "name": "valid_from",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "relayer",
     "type": "address",
     "indexed": false
    }
   ]
  }
 },
 {
  "contract": "StressTest",
  "kind": "mark",
  "topic": "0xa0bcd01c3a728df2da81a77ea5ae162ff53c7eec33763a32762ca70d7c61dcaf",
  "people": [],
  "event": {
   "type": "event",
   "name": "Remarked",
   "inputs": [
    {
     "name": "losses",
     "type": "int256[8]",
     "indexed": false
    },
    {
     "name": "worst",
     "type": "int256",
     "indexed": false
    },
    {
     "name": "spot",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "equity",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "purse",
     "type": "uint256",
     "indexed": false
    }
   ]
  }
 },
 {
  "contract": "Breaker",
  "kind": "breaker",
  "topic": "0x9e1f5a232278e38be39b69270b3d771cc798eebd3a307311826bf351a505cb3f",
  "people": [],
  "event": {
   "type": "event",
   "name": "Looked",
   "inputs": [
    {
     "name": "reasons",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "until",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "variance",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "wildness",
     "type": "uint256",
     "indexed": false
    }
   ]
  }
 },
 {
  "contract": "Guardian",
  "kind": "breaker",
  "topic": "0xb9409094270d1dc0930f69afe58d4e4daba7fd3350824c69156bb9b2068d4a71",
  "people": [],
  "event": {
   "type": "event",
   "name": "WeatherChanged",
   "inputs": [
    {
     "name": "tripped",
     "type": "bool",
     "indexed": false
    },
    {
     "name": "distress",
     "type": "bool",
     "indexed": false
    },
    {
     "name": "wildness",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "terms",
     "type": "uint256",
     "indexed": false
    }
   ]
  }
 },
 {
  "contract": "Guardian",
  "kind": "terms",
  "topic": "0xbea303a35d4c3070060636113dfc07411d0469d6c380154a93992bcec5f56926",
  "people": [],
  "event": {
   "type": "event",
   "name": "TermSet",
   "inputs": [
    {
     "name": "field",
     "type": "uint256",
     "indexed": true
    },
    {
     "name": "before",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "amount",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "word",
     "type": "uint256",
     "indexed": false
    }
   ]
  }
 },
 {
  "contract": "Guardian",
  "kind": "terms",
  "topic": "0x873c3ca04d94f52c314eb70022e6227c5d6e79d45018528344392c279a4df61e",
  "people": [],
  "event": {
   "type": "event",
   "name": "TermQueued",
   "inputs": [
    {
     "name": "field",
     "type": "uint256",
     "indexed": true
    },
    {
     "name": "before",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "amount",
     "type": "uint256",
     "indexed": false
    },
    {
     "name": "ready_at",
     "type": "uint256",
     "indexed": false
    }
   ]
  }
 },
 {
  "contract": "Guardian",
  "kind": "terms",
  "topic": "0xd672faebc7b8f9b835c1cd5a267c1208d1884ce58247d5ac47bbf7acf89df840",
  "people": [],
  "event": {
   "type": "event",
   "name": "TermCancelled",
   "inputs": [
    {
     "name": "field",
     "type": "uint256",
     "indexed": true
    },
    {
     "name": "amount",
     "type": "uint256",
     "indexed": false
    }
   ]
  }
 },
 {
  "contract": "Guardian",
  "kind": "guardian",
  "topic": "0xab40a374bc51de372200a8bc981af8c9ecdc08dfdaef0bb6e09f88f3c616ef3d",
  "people": [
   "guardian"
  ],
  "event": {
   "type": "event",
   "name": "Paused",
   "inputs": [
    {
     "name": "guardian",
     "type": "address",
     "indexed": true
    },
    {
     "name": "terms",
     "type": "uint256",
     "indexed": false
    }
   ]
  }
 },
 {
  "contract": "Guardian",
  "kind": "guardian",
  "topic": "0x7caf768a3f4ff646e3bb575a145808011d582967056ea1b51430ea5db3b07df7",
  "people": [
   "guardian"
  ],
  "event": {
   "type": "event",
   "name": "VenueTakenDown",
   "inputs": [
    {
     "name": "guardian",
     "type": "address",
     "indexed": true
    },
    {
     "name": "terms",
     "type": "uint256",
     "indexed": false
    }
   ]
  }
 },
 {
  "contract": "Guardian",
  "kind": "guardian",
  "topic": "0x7301659effa039f2245ddf7f94d914da6cb3a24c7c7a9907772c0da4869eb18c",
  "people": [
   "account"
  ],
  "event": {
   "type": "event",
   "name": "RoleOffered",
   "inputs": [
    {
     "name": "role",
     "type": "uint256",
     "indexed": true
    },
    {
     "name": "account",
     "type": "address",
     "indexed": true
    },
    {
     "name": "ready_at",
     "type": "uint256",
     "indexed": false
    }
   ]
  }
 },
 {
  "contract": "Guardian",
  "kind": "guardian",
  "topic": "0xa730e4a866f41896a1d5a38699fe53645803404d4da8375f1c88934cfe2068f4",
  "people": [
   "account"
  ],
  "event": {
   "type": "event",
   "name": "RoleOfferWithdrawn",
   "inputs": [
    {
     "name": "role",
     "type": "uint256",
     "indexed": true
    },
    {
     "name": "account",
     "type": "address",
     "indexed": true
    }
   ]
  }
 },
 {
  "contract": "Guardian",
  "kind": "guardian",
  "topic": "0xcc02fbdf35dd272c4fd3f1c4b5392d44789ff9799d9c330bfca2cb9767722db5",
  "people": [
   "account"
  ],
  "event": {
   "type": "event",
   "name": "RoleGranted",
   "inputs": [
    {
     "name": "role",
     "type": "uint256",
     "indexed": true
    },
    {
     "name": "account",
     "type": "address",
     "indexed": true
    }
   ]
  }
 },
 {
  "contract": "Guardian",
  "kind": "guardian",
  "topic": "0x845c18e3e2a5fdd670dd5960a42e38d39268f1fdae8be6dda756bfae5ccab3ee",
  "people": [
   "account"
  ],
  "event": {
   "type": "event",
   "name": "RoleRevoked",
   "inputs": [
    {
     "name": "role",
     "type": "uint256",
     "indexed": true
    },
    {
     "name": "account",
     "type": "address",
     "indexed": true
    }
   ]
  }
 },
 {
  "contract": "Guardian",
  "kind": "guardian",
  "topic": "0x23425d5d10aa216657346914b0a3ab4bfb01b111b6a15fb044a0d8f9c3b73107",
  "people": [],
  "event": {
   "type": "event",
   "name": "PriceProposed",
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
     "name": "ready_at",
     "type": "uint256",
     "indexed": false
    }
   ]
  }
 },
 {
  "contract": "Guardian",
  "kind": "guardian",
  "topic": "0xb3958dd494cdb036a1a7472bbccba6a8031b826094a7a2803fa6b002339e65d7",
  "people": [],
  "event": {
   "type": "event",
   "name": "PriceWithdrawn",
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
    }
   ]
  }
 },
 {
  "contract": "Guardian",
  "kind": "guardian",
  "topic": "0xe6a0c60c8163ca6b1c7734f960eadd28216bce17579fd7059d49f9d5572e13f1",
  "people": [],
  "event": {
   "type": "event",
   "name": "GrowthProposed",
   "inputs": [
    {
     "name": "venue",
     "type": "uint256",
     "indexed": true
    },
    {
     "name": "growth",
     "type": "int256",
     "indexed": false
    },
    {
     "name": "ready_at",
     "type": "uint256",
     "indexed": false
    }
   ]
  }
 },
 {
  "contract": "Guardian",
  "kind": "guardian",
  "topic": "0xc27302e149fd5e2885617133a72ab59f58243a684eda2229b614e4fd33135eae",
  "people": [],
  "event": {
   "type": "event",
   "name": "GrowthWithdrawn",
   "inputs": [
    {
     "name": "venue",
     "type": "uint256",
     "indexed": true
    }
   ]
  }
 }
] as const;
export const KINDS = ["trade", "rebalance", "settlement", "redemption", "deposit", "exit", "surface", "margin", "mark", "breaker", "guardian", "terms", "listing"] as const;
