// Generated from the sources by `make generate`: do not edit.
export const lensAbi = [
 {
  "stateMutability": "view",
  "type": "function",
  "name": "MARKET",
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
  "name": "expiries",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "tuple[]",
    "components": [
     {
      "name": "expiry",
      "type": "uint256"
     },
     {
      "name": "units",
      "type": "uint256"
     },
     {
      "name": "maximum",
      "type": "uint256"
     },
     {
      "name": "forward",
      "type": "int256"
     },
     {
      "name": "cash",
      "type": "int256"
     },
     {
      "name": "slice",
      "type": "uint256"
     },
     {
      "name": "strikes",
      "type": "uint256[]"
     },
     {
      "name": "sizes",
      "type": "int256[]"
     },
     {
      "name": "is_delisted",
      "type": "bool"
     }
    ]
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "history",
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
  "stateMutability": "view",
  "type": "function",
  "name": "mark",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "tuple",
    "components": [
     {
      "name": "liability",
      "type": "uint256"
     },
     {
      "name": "liability_low",
      "type": "uint256"
     },
     {
      "name": "liability_high",
      "type": "uint256"
     },
     {
      "name": "equity",
      "type": "int256"
     },
     {
      "name": "equity_low",
      "type": "uint256"
     },
     {
      "name": "equity_high",
      "type": "uint256"
     },
     {
      "name": "rehedge_cost",
      "type": "uint256"
     },
     {
      "name": "rehedge_gain",
      "type": "uint256"
     },
     {
      "name": "maxima",
      "type": "uint256"
     },
     {
      "name": "claims",
      "type": "uint256"
     },
     {
      "name": "top_up",
      "type": "uint256"
     },
     {
      "name": "bankrupt",
      "type": "bool"
     },
     {
      "name": "calm",
      "type": "bool"
     },
     {
      "name": "stale",
      "type": "bool"
     },
     {
      "name": "resumed",
      "type": "bool"
     }
    ]
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "mark_for",
  "inputs": [
   {
    "name": "nav",
    "type": "uint256"
   },
   {
    "name": "patience",
    "type": "uint256"
   }
  ],
  "outputs": [
   {
    "name": "",
    "type": "tuple",
    "components": [
     {
      "name": "liability",
      "type": "uint256"
     },
     {
      "name": "liability_low",
      "type": "uint256"
     },
     {
      "name": "liability_high",
      "type": "uint256"
     },
     {
      "name": "equity",
      "type": "int256"
     },
     {
      "name": "equity_low",
      "type": "uint256"
     },
     {
      "name": "equity_high",
      "type": "uint256"
     },
     {
      "name": "rehedge_cost",
      "type": "uint256"
     },
     {
      "name": "rehedge_gain",
      "type": "uint256"
     },
     {
      "name": "maxima",
      "type": "uint256"
     },
     {
      "name": "claims",
      "type": "uint256"
     },
     {
      "name": "top_up",
      "type": "uint256"
     },
     {
      "name": "bankrupt",
      "type": "bool"
     },
     {
      "name": "calm",
      "type": "bool"
     },
     {
      "name": "stale",
      "type": "bool"
     },
     {
      "name": "resumed",
      "type": "bool"
     }
    ]
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "max_close",
  "inputs": [
   {
    "name": "id",
    "type": "uint256"
   },
   {
    "name": "units",
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
  "name": "quote",
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
    "name": "is_close",
    "type": "bool"
   }
  ],
  "outputs": [
   {
    "name": "",
    "type": "tuple",
    "components": [
     {
      "name": "units",
      "type": "uint256"
     },
     {
      "name": "premium",
      "type": "uint256"
     },
     {
      "name": "fee",
      "type": "uint256"
     },
     {
      "name": "charge",
      "type": "uint256"
     },
     {
      "name": "mark",
      "type": "uint256"
     },
     {
      "name": "own",
      "type": "int256"
     },
     {
      "name": "order",
      "type": "int256"
     },
     {
      "name": "residual",
      "type": "int256"
     },
     {
      "name": "delta",
      "type": "int256"
     },
     {
      "name": "hard",
      "type": "uint256"
     },
     {
      "name": "half_spread",
      "type": "uint256"
     },
     {
      "name": "words",
      "type": "tuple",
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
     },
     {
      "name": "greeks",
      "type": "tuple",
      "components": [
       {
        "name": "value",
        "type": "uint256"
       },
       {
        "name": "delta",
        "type": "int256"
       },
       {
        "name": "gamma",
        "type": "int256"
       },
       {
        "name": "vega",
        "type": "int256"
       },
       {
        "name": "sigma",
        "type": "uint256"
       }
      ]
     },
     {
      "name": "jumps",
      "type": "uint256"
     }
    ]
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
      "name": "timestamp",
      "type": "uint256"
     },
     {
      "name": "terms",
      "type": "uint256[2]"
     },
     {
      "name": "spot",
      "type": "uint256"
     },
     {
      "name": "spot_time",
      "type": "uint256"
     },
     {
      "name": "spot_fresh",
      "type": "bool"
     },
     {
      "name": "surface_time",
      "type": "uint256"
     },
     {
      "name": "stance",
      "type": "tuple",
      "components": [
       {
        "name": "delta",
        "type": "int256"
       },
       {
        "name": "gamma",
        "type": "int256"
       },
       {
        "name": "vega",
        "type": "int256"
       },
       {
        "name": "residual",
        "type": "int256"
       },
       {
        "name": "width",
        "type": "uint256"
       },
       {
        "name": "hard",
        "type": "uint256"
       },
       {
        "name": "trigger",
        "type": "uint256"
       }
      ]
     },
     {
      "name": "position",
      "type": "int256"
     },
     {
      "name": "gross",
      "type": "uint256"
     },
     {
      "name": "maxima",
      "type": "uint256"
     },
     {
      "name": "claims",
      "type": "uint256"
     },
     {
      "name": "floor",
      "type": "int256"
     },
     {
      "name": "funds",
      "type": "tuple",
      "components": [
       {
        "name": "cash",
        "type": "uint256"
       },
       {
        "name": "exits",
        "type": "uint256"
       },
       {
        "name": "queued",
        "type": "uint256"
       },
       {
        "name": "nav",
        "type": "uint256"
       },
       {
        "name": "nav_time",
        "type": "uint256"
       }
      ]
     },
     {
      "name": "account",
      "type": "tuple",
      "components": [
       {
        "name": "equity",
        "type": "int256"
       },
       {
        "name": "equity_low",
        "type": "uint256"
       },
       {
        "name": "equity_high",
        "type": "uint256"
       },
       {
        "name": "bankrupt",
        "type": "bool"
       },
       {
        "name": "top_up",
        "type": "uint256"
       },
       {
        "name": "barred",
        "type": "uint256"
       },
       {
        "name": "usable",
        "type": "int256"
       },
       {
        "name": "need",
        "type": "uint256"
       }
      ]
     },
     {
      "name": "account_known",
      "type": "bool"
     },
     {
      "name": "expiries",
      "type": "tuple[]",
      "components": [
       {
        "name": "expiry",
        "type": "uint256"
       },
       {
        "name": "units",
        "type": "uint256"
       },
       {
        "name": "maximum",
        "type": "uint256"
       },
       {
        "name": "forward",
        "type": "int256"
       },
       {
        "name": "cash",
        "type": "int256"
       },
       {
        "name": "slice",
        "type": "uint256"
       },
       {
        "name": "strikes",
        "type": "uint256[]"
       },
       {
        "name": "sizes",
        "type": "int256[]"
       },
       {
        "name": "is_delisted",
        "type": "bool"
       }
      ]
     },
     {
      "name": "gate",
      "type": "tuple",
      "components": [
       {
        "name": "mark",
        "type": "tuple",
        "components": [
         {
          "name": "limit",
          "type": "uint256"
         },
         {
          "name": "hour",
          "type": "uint256"
         },
         {
          "name": "purse",
          "type": "uint256"
         },
         {
          "name": "equity",
          "type": "uint256"
         },
         {
          "name": "spot",
          "type": "uint256"
         },
         {
          "name": "time",
          "type": "uint256"
         },
         {
          "name": "until",
          "type": "uint256"
         },
         {
          "name": "anchor",
          "type": "uint256"
         }
        ]
       },
       {
        "name": "losses",
        "type": "int256[8]"
       },
       {
        "name": "worst",
        "type": "int256"
       },
       {
        "name": "limit",
        "type": "uint256"
       },
       {
        "name": "is_fresh",
        "type": "bool"
       },
       {
        "name": "room",
        "type": "uint256"
       }
      ]
     },
     {
      "name": "breaker",
      "type": "tuple",
      "components": [
       {
        "name": "reasons",
        "type": "uint256"
       },
       {
        "name": "until",
        "type": "uint256"
       },
       {
        "name": "time",
        "type": "uint256"
       },
       {
        "name": "spot",
        "type": "uint256"
       },
       {
        "name": "base",
        "type": "uint256"
       },
       {
        "name": "variance",
        "type": "uint256"
       },
       {
        "name": "wildness",
        "type": "uint256"
       },
       {
        "name": "lost",
        "type": "uint256"
       },
       {
        "name": "lost_before",
        "type": "uint256"
       },
       {
        "name": "drained",
        "type": "uint256"
       },
       {
        "name": "share",
        "type": "uint256"
       },
       {
        "name": "share_time",
        "type": "uint256"
       },
       {
        "name": "next",
        "type": "uint256"
       },
       {
        "name": "next_time",
        "type": "uint256"
       }
      ]
     }
    ]
   }
  ]
 }
] as const;
