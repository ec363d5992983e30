// Generated from the sources by `make generate`: do not edit.
export const marketAbi = [
 {
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
  ],
  "anonymous": false,
  "type": "event"
 },
 {
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
  ],
  "anonymous": false,
  "type": "event"
 },
 {
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
  ],
  "anonymous": false,
  "type": "event"
 },
 {
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
  ],
  "anonymous": false,
  "type": "event"
 },
 {
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
  ],
  "anonymous": false,
  "type": "event"
 },
 {
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
  ],
  "anonymous": false,
  "type": "event"
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "BOUNTY",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "address"
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "GUARDIAN",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "address"
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "IMPUTED",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "uint256"
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "LOT",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "uint256"
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "OPTION",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "address"
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "ROUTER",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "address"
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "SPOT",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "address"
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "SURFACE",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "address"
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "UNDERWRITER",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "address"
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "VAULT",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "address"
   }
  ]
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "close",
  "inputs": [
   {
    "name": "id",
    "type": "uint256"
   },
   {
    "name": "units",
    "type": "uint256"
   },
   {
    "name": "min_units",
    "type": "uint256"
   },
   {
    "name": "min_payout",
    "type": "uint256"
   },
   {
    "name": "deadline",
    "type": "uint256"
   },
   {
    "name": "recipient",
    "type": "address"
   }
  ],
  "outputs": [
   {
    "name": "",
    "type": "uint256"
   },
   {
    "name": "",
    "type": "uint256"
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "floor",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "int256"
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "liabilities",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "uint256"
   },
   {
    "name": "",
    "type": "uint256"
   }
  ]
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "list_expiry",
  "inputs": [
   {
    "name": "expiry",
    "type": "uint256"
   },
   {
    "name": "strikes",
    "type": "uint256[]"
   }
  ],
  "outputs": []
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "mint",
  "inputs": [
   {
    "name": "id",
    "type": "uint256"
   },
   {
    "name": "units",
    "type": "uint256"
   },
   {
    "name": "max_premium",
    "type": "uint256"
   },
   {
    "name": "deadline",
    "type": "uint256"
   },
   {
    "name": "recipient",
    "type": "address"
   }
  ],
  "outputs": [
   {
    "name": "",
    "type": "uint256"
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "open_book",
  "inputs": [
   {
    "name": "expiry",
    "type": "uint256"
   }
  ],
  "outputs": [
   {
    "name": "",
    "type": "tuple",
    "components": [
     {
      "name": "totals",
      "type": "uint256"
     },
     {
      "name": "rows",
      "type": "uint256[6][8]"
     },
     {
      "name": "slot",
      "type": "uint256"
     }
    ]
   }
  ]
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "rebalance",
  "inputs": [
   {
    "name": "target",
    "type": "int256"
   }
  ],
  "outputs": [
   {
    "name": "",
    "type": "tuple",
    "components": [
     {
      "name": "order",
      "type": "int256"
     },
     {
      "name": "before",
      "type": "int256"
     },
     {
      "name": "after",
      "type": "int256"
     },
     {
      "name": "trigger",
      "type": "uint256"
     },
     {
      "name": "spot",
      "type": "uint256"
     }
    ]
   }
  ]
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "redeem",
  "inputs": [
   {
    "name": "id",
    "type": "uint256"
   },
   {
    "name": "units",
    "type": "uint256"
   },
   {
    "name": "owner",
    "type": "address"
   },
   {
    "name": "recipient",
    "type": "address"
   }
  ],
  "outputs": [
   {
    "name": "",
    "type": "uint256"
   }
  ]
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "reward",
  "inputs": [
   {
    "name": "recipient",
    "type": "address"
   },
   {
    "name": "amount",
    "type": "uint256"
   }
  ],
  "outputs": []
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "settle",
  "inputs": [
   {
    "name": "expiry",
    "type": "uint256"
   },
   {
    "name": "round_id",
    "type": "uint256"
   }
  ],
  "outputs": [
   {
    "name": "",
    "type": "uint256"
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "settlement",
  "inputs": [
   {
    "name": "expiry",
    "type": "uint256"
   }
  ],
  "outputs": [
   {
    "name": "",
    "type": "uint256"
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "slot_of",
  "inputs": [
   {
    "name": "expiry",
    "type": "uint256"
   }
  ],
  "outputs": [
   {
    "name": "",
    "type": "uint256"
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "snapshot",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "tuple",
    "components": [
     {
      "name": "totals",
      "type": "uint256"
     },
     {
      "name": "words",
      "type": "tuple[8]",
      "components": [
       {
        "name": "header",
        "type": "uint256"
       },
       {
        "name": "nodes",
        "type": "uint256[4]"
       }
      ]
     }
    ]
   }
  ]
 }
] as const;
