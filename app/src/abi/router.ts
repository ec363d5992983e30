// Generated from the sources by `make generate`: do not edit.
export const routerAbi = [
 {
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
  ],
  "anonymous": false,
  "type": "event"
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "DESK",
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
  "name": "DEVIATION",
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
  "name": "IS_SET",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "bool"
   }
  ]
 },
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
  "name": "STRESS",
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
  "name": "TOKEN",
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
  "stateMutability": "view",
  "type": "function",
  "name": "VENUE",
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
  "name": "account",
  "inputs": [
   {
    "name": "spot",
    "type": "uint256"
   },
   {
    "name": "headroom",
    "type": "uint256"
   }
  ],
  "outputs": [
   {
    "name": "",
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
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "admits",
  "inputs": [
   {
    "name": "brought",
    "type": "tuple",
    "components": [
     {
      "name": "position",
      "type": "int256"
     },
     {
      "name": "own",
      "type": "int256"
     },
     {
      "name": "spot",
      "type": "uint256"
     },
     {
      "name": "life",
      "type": "uint256"
     },
     {
      "name": "nav",
      "type": "uint256"
     },
     {
      "name": "jumps",
      "type": "uint256"
     },
     {
      "name": "opened",
      "type": "uint256"
     },
     {
      "name": "units",
      "type": "uint256"
     }
    ]
   },
   {
    "name": "position",
    "type": "int256"
   }
  ],
  "outputs": [
   {
    "name": "",
    "type": "bool"
   }
  ]
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "bring",
  "inputs": [
   {
    "name": "order",
    "type": "int256"
   },
   {
    "name": "worst_price",
    "type": "uint256"
   },
   {
    "name": "least",
    "type": "uint256"
   },
   {
    "name": "spot",
    "type": "uint256"
   },
   {
    "name": "position",
    "type": "int256"
   }
  ],
  "outputs": [
   {
    "name": "",
    "type": "int256"
   },
   {
    "name": "",
    "type": "int256"
   },
   {
    "name": "",
    "type": "int256"
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
  "name": "carry",
  "inputs": [
   {
    "name": "life",
    "type": "uint256"
   }
  ],
  "outputs": [
   {
    "name": "",
    "type": "int256"
   },
   {
    "name": "",
    "type": "int256"
   }
  ]
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "credit",
  "inputs": [
   {
    "name": "venue",
    "type": "address"
   },
   {
    "name": "wanted",
    "type": "uint256"
   },
   {
    "name": "lost",
    "type": "uint256"
   },
   {
    "name": "usable",
    "type": "int256"
   },
   {
    "name": "position",
    "type": "int256"
   },
   {
    "name": "spot",
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
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "debit",
  "inputs": [
   {
    "name": "venue",
    "type": "address"
   },
   {
    "name": "amount",
    "type": "uint256"
   },
   {
    "name": "usable",
    "type": "int256"
   },
   {
    "name": "position",
    "type": "int256"
   },
   {
    "name": "spot",
    "type": "uint256"
   }
  ],
  "outputs": []
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "gate_words",
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
  "name": "hedge",
  "inputs": [
   {
    "name": "order",
    "type": "int256"
   },
   {
    "name": "worst_price",
    "type": "uint256"
   },
   {
    "name": "paced",
    "type": "uint256"
   },
   {
    "name": "brought",
    "type": "tuple",
    "components": [
     {
      "name": "position",
      "type": "int256"
     },
     {
      "name": "own",
      "type": "int256"
     },
     {
      "name": "spot",
      "type": "uint256"
     },
     {
      "name": "life",
      "type": "uint256"
     },
     {
      "name": "nav",
      "type": "uint256"
     },
     {
      "name": "jumps",
      "type": "uint256"
     },
     {
      "name": "opened",
      "type": "uint256"
     },
     {
      "name": "units",
      "type": "uint256"
     }
    ]
   }
  ],
  "outputs": [
   {
    "name": "",
    "type": "int256"
   },
   {
    "name": "",
    "type": "int256"
   },
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
  "name": "is_jolted",
  "inputs": [
   {
    "name": "buys",
    "type": "bool"
   }
  ],
  "outputs": [
   {
    "name": "",
    "type": "bool"
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "last_position",
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
  "name": "ledger",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "tuple",
    "components": [
     {
      "name": "time",
      "type": "uint256"
     },
     {
      "name": "since",
      "type": "uint256"
     },
     {
      "name": "spent",
      "type": "uint256"
     },
     {
      "name": "depth",
      "type": "uint256"
     }
    ]
   }
  ]
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "lower",
  "inputs": [
   {
    "name": "venue",
    "type": "address"
   },
   {
    "name": "most",
    "type": "uint256"
   },
   {
    "name": "usable",
    "type": "int256"
   },
   {
    "name": "position",
    "type": "int256"
   },
   {
    "name": "spot",
    "type": "uint256"
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
      "name": "position",
      "type": "int256"
     },
     {
      "name": "received",
      "type": "int256"
     }
    ]
   }
  ]
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "mark",
  "inputs": [
   {
    "name": "book",
    "type": "uint256"
   },
   {
    "name": "word",
    "type": "uint256"
   },
   {
    "name": "rates",
    "type": "uint256"
   },
   {
    "name": "usable",
    "type": "int256"
   },
   {
    "name": "position",
    "type": "int256"
   },
   {
    "name": "spot",
    "type": "uint256"
   }
  ],
  "outputs": []
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "max_order",
  "inputs": [
   {
    "name": "order",
    "type": "int256"
   },
   {
    "name": "worst_price",
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
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "net",
  "inputs": [
   {
    "name": "long",
    "type": "address"
   },
   {
    "name": "short",
    "type": "address"
   },
   {
    "name": "most",
    "type": "uint256"
   },
   {
    "name": "spot",
    "type": "uint256"
   },
   {
    "name": "held",
    "type": "int256[2]"
   }
  ],
  "outputs": [
   {
    "name": "",
    "type": "uint256"
   },
   {
    "name": "",
    "type": "int256"
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "pace",
  "inputs": [
   {
    "name": "order",
    "type": "int256"
   },
   {
    "name": "first",
    "type": "int256"
   },
   {
    "name": "spot",
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
  "name": "position",
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
  "name": "quotation",
  "inputs": [
   {
    "name": "eased",
    "type": "bool"
   }
  ],
  "outputs": [
   {
    "name": "",
    "type": "tuple",
    "components": [
     {
      "name": "low",
      "type": "uint256"
     },
     {
      "name": "high",
      "type": "uint256"
     },
     {
      "name": "fee",
      "type": "uint256"
     }
    ]
   }
  ]
 }
] as const;
