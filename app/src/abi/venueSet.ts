// Generated from the sources by `make generate`: do not edit.
export const venueSetAbi = [
 {
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
  ],
  "anonymous": false,
  "type": "event"
 },
 {
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
  ],
  "anonymous": false,
  "type": "event"
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "COUNT",
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
  "name": "SPLITTER",
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
  "name": "account",
  "inputs": [
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
      "name": "position",
      "type": "int256"
     },
     {
      "name": "equity",
      "type": "int256"
     },
     {
      "name": "venue_equity",
      "type": "int256"
     },
     {
      "name": "margin_equity",
      "type": "int256"
     }
    ]
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "account_at",
  "inputs": [
   {
    "name": "venue",
    "type": "address"
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
      "name": "position",
      "type": "int256"
     },
     {
      "name": "equity",
      "type": "int256"
     },
     {
      "name": "venue_equity",
      "type": "int256"
     },
     {
      "name": "margin_equity",
      "type": "int256"
     }
    ]
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "average",
  "inputs": [
   {
    "name": "window",
    "type": "uint256"
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
  "name": "begin_anew",
  "inputs": [
   {
    "name": "venue",
    "type": "address"
   }
  ],
  "outputs": []
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "bounds",
  "inputs": [
   {
    "name": "position",
    "type": "int256"
   }
  ],
  "outputs": [
   {
    "name": "",
    "type": "tuple",
    "components": [
     {
      "name": "least",
      "type": "uint256"
     },
     {
      "name": "target",
      "type": "uint256"
     },
     {
      "name": "most",
      "type": "uint256"
     }
    ]
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "chunk_left",
  "inputs": [
   {
    "name": "venue",
    "type": "address"
   },
   {
    "name": "buys",
    "type": "bool"
   },
   {
    "name": "relieved",
    "type": "bool"
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
  "name": "fill",
  "inputs": [
   {
    "name": "order",
    "type": "int256"
   },
   {
    "name": "worst",
    "type": "uint256"
   },
   {
    "name": "best",
    "type": "uint256"
   },
   {
    "name": "paced",
    "type": "uint256"
   },
   {
    "name": "relieved",
    "type": "bool"
   },
   {
    "name": "spot",
    "type": "uint256"
   },
   {
    "name": "least",
    "type": "uint256"
   },
   {
    "name": "tried",
    "type": "bool"
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
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "fill_at",
  "inputs": [
   {
    "name": "venue",
    "type": "address"
   },
   {
    "name": "order",
    "type": "int256"
   },
   {
    "name": "worst",
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
  "name": "fund",
  "inputs": [
   {
    "name": "venue",
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
  "stateMutability": "view",
  "type": "function",
  "name": "funding",
  "inputs": [],
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
  "stateMutability": "view",
  "type": "function",
  "name": "grain",
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
  "name": "index",
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
  "name": "legs",
  "inputs": [
   {
    "name": "order",
    "type": "int256"
   },
   {
    "name": "worst",
    "type": "uint256"
   }
  ],
  "outputs": [
   {
    "name": "",
    "type": "int256[4]"
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "lot",
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
  "stateMutability": "view",
  "type": "function",
  "name": "max_paced",
  "inputs": [
   {
    "name": "order",
    "type": "int256"
   },
   {
    "name": "paced",
    "type": "uint256"
   },
   {
    "name": "worst",
    "type": "uint256"
   },
   {
    "name": "relieved",
    "type": "bool"
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
  "name": "note",
  "inputs": [],
  "outputs": []
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
  "name": "price",
  "inputs": [],
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
  "name": "prove",
  "inputs": [
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
  "name": "purse",
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
  "name": "quotation",
  "inputs": [],
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
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "release",
  "inputs": [
   {
    "name": "venue",
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
  "name": "remember",
  "inputs": [
   {
    "name": "venue",
    "type": "address"
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
  "name": "venues",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "address[]"
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "venues_up",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "address[]"
   }
  ]
 }
] as const;
