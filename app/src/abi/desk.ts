// Generated from the sources by `make generate`: do not edit.
export const deskAbi = [
 {
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
  ],
  "anonymous": false,
  "type": "event"
 },
 {
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
  ],
  "anonymous": false,
  "type": "event"
 },
 {
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
  ],
  "anonymous": false,
  "type": "event"
 },
 {
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
  ],
  "anonymous": false,
  "type": "event"
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
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "delever",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "int256"
   }
  ]
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "delever",
  "inputs": [
   {
    "name": "venue",
    "type": "address"
   }
  ],
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
  "name": "eased",
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
  "stateMutability": "view",
  "type": "function",
  "name": "lost",
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
  "name": "made",
  "inputs": [
   {
    "name": "said",
    "type": "int256"
   }
  ],
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
  "name": "margin_spot",
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
  "name": "seen",
  "inputs": [
   {
    "name": "arg0",
    "type": "address"
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
      "name": "position",
      "type": "int256"
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
  "stateMutability": "view",
  "type": "function",
  "name": "sent",
  "inputs": [
   {
    "name": "arg0",
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
  "name": "shift",
  "inputs": [
   {
    "name": "source",
    "type": "address"
   },
   {
    "name": "target",
    "type": "address"
   },
   {
    "name": "size",
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
  "name": "sweep",
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
  "name": "sweep",
  "inputs": [
   {
    "name": "venue",
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
  "name": "top_up",
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
  "name": "top_up",
  "inputs": [
   {
    "name": "venue",
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
  "name": "unseen",
  "inputs": [
   {
    "name": "spot",
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
   }
  ]
 }
] as const;
