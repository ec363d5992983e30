// Generated from the sources by `make generate`: do not edit.
export const venueAbi = [
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
  "name": "curve",
  "inputs": [
   {
    "name": "order",
    "type": "int256"
   }
  ],
  "outputs": [
   {
    "name": "",
    "type": "tuple",
    "components": [
     {
      "name": "price",
      "type": "uint256"
     },
     {
      "name": "fee",
      "type": "uint256"
     },
     {
      "name": "depths",
      "type": "uint256[4]"
     },
     {
      "name": "reaches",
      "type": "uint256[4]"
     }
    ]
   }
  ]
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "deposit",
  "inputs": [
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
  "name": "free_collateral",
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
  "name": "funding_since",
  "inputs": [
   {
    "name": "mark",
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
  "name": "trade",
  "inputs": [
   {
    "name": "size",
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
  "name": "withdraw",
  "inputs": [
   {
    "name": "amount",
    "type": "uint256"
   },
   {
    "name": "recipient",
    "type": "address"
   }
  ],
  "outputs": []
 }
] as const;
