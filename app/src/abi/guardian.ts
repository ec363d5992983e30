// Generated from the sources by `make generate`: do not edit.
export const guardianAbi = [
 {
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
  ],
  "anonymous": false,
  "type": "event"
 },
 {
  "name": "GrowthWithdrawn",
  "inputs": [
   {
    "name": "venue",
    "type": "uint256",
    "indexed": true
   }
  ],
  "anonymous": false,
  "type": "event"
 },
 {
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
  ],
  "anonymous": false,
  "type": "event"
 },
 {
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
  ],
  "anonymous": false,
  "type": "event"
 },
 {
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
  ],
  "anonymous": false,
  "type": "event"
 },
 {
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
  ],
  "anonymous": false,
  "type": "event"
 },
 {
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
  ],
  "anonymous": false,
  "type": "event"
 },
 {
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
  ],
  "anonymous": false,
  "type": "event"
 },
 {
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
  ],
  "anonymous": false,
  "type": "event"
 },
 {
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
  ],
  "anonymous": false,
  "type": "event"
 },
 {
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
  ],
  "anonymous": false,
  "type": "event"
 },
 {
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
  ],
  "anonymous": false,
  "type": "event"
 },
 {
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
  ],
  "anonymous": false,
  "type": "event"
 },
 {
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
  ],
  "anonymous": false,
  "type": "event"
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "BREAKER",
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
  "name": "DELAY",
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
    "type": "uint256"
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "LISTER",
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
  "name": "OWNER",
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
  "name": "SIGNER",
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
  "name": "VENUES",
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
  "name": "accept_role",
  "inputs": [
   {
    "name": "role",
    "type": "uint256"
   }
  ],
  "outputs": []
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "apply",
  "inputs": [
   {
    "name": "field",
    "type": "uint256"
   }
  ],
  "outputs": []
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "bring_back",
  "inputs": [],
  "outputs": []
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "bring_back_one",
  "inputs": [
   {
    "name": "venue",
    "type": "uint256"
   }
  ],
  "outputs": []
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "cancel",
  "inputs": [
   {
    "name": "field",
    "type": "uint256"
   }
  ],
  "outputs": []
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "counts_since",
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
  "name": "down_since",
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
  "name": "growths",
  "inputs": [
   {
    "name": "arg0",
    "type": "uint256"
   }
  ],
  "outputs": [
   {
    "name": "",
    "type": "tuple",
    "components": [
     {
      "name": "growth",
      "type": "int256"
     },
     {
      "name": "ready_at",
      "type": "uint256"
     },
     {
      "name": "proposer",
      "type": "address"
     }
    ]
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "has_role",
  "inputs": [
   {
    "name": "arg0",
    "type": "uint256"
   },
   {
    "name": "arg1",
    "type": "address"
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
  "name": "held_until",
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
  "name": "is_lister",
  "inputs": [
   {
    "name": "account",
    "type": "address"
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
  "name": "is_signer",
  "inputs": [
   {
    "name": "account",
    "type": "address"
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
  "name": "is_written_off",
  "inputs": [
   {
    "name": "venue",
    "type": "uint256"
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
  "name": "limits",
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
  "name": "members",
  "inputs": [
   {
    "name": "role",
    "type": "uint256"
   }
  ],
  "outputs": [
   {
    "name": "",
    "type": "address[]"
   }
  ]
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "offer_role",
  "inputs": [
   {
    "name": "role",
    "type": "uint256"
   },
   {
    "name": "account",
    "type": "address"
   }
  ],
  "outputs": []
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "offers",
  "inputs": [
   {
    "name": "role",
    "type": "uint256"
   }
  ],
  "outputs": [
   {
    "name": "",
    "type": "tuple[]",
    "components": [
     {
      "name": "account",
      "type": "address"
     },
     {
      "name": "ready_at",
      "type": "uint256"
     }
    ]
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "owner",
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
  "name": "pause",
  "inputs": [],
  "outputs": []
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "proposals",
  "inputs": [
   {
    "name": "arg0",
    "type": "uint256"
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
      "name": "ready_at",
      "type": "uint256"
     },
     {
      "name": "proposer",
      "type": "address"
     }
    ]
   }
  ]
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "propose_growth",
  "inputs": [
   {
    "name": "venue",
    "type": "uint256"
   },
   {
    "name": "growth",
    "type": "int256"
   }
  ],
  "outputs": []
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "propose_price",
  "inputs": [
   {
    "name": "expiry",
    "type": "uint256"
   },
   {
    "name": "price",
    "type": "uint256"
   }
  ],
  "outputs": []
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "proposed_growth",
  "inputs": [
   {
    "name": "venue",
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
    "type": "uint256"
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "proposed_price",
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
  "name": "queued",
  "inputs": [
   {
    "name": "arg0",
    "type": "uint256"
   }
  ],
  "outputs": [
   {
    "name": "",
    "type": "tuple",
    "components": [
     {
      "name": "amount",
      "type": "uint256"
     },
     {
      "name": "ready_at",
      "type": "uint256"
     }
    ]
   }
  ]
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "revoke_role",
  "inputs": [
   {
    "name": "role",
    "type": "uint256"
   },
   {
    "name": "account",
    "type": "address"
   }
  ],
  "outputs": []
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "set_term",
  "inputs": [
   {
    "name": "field",
    "type": "uint256"
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
  "name": "take_down",
  "inputs": [],
  "outputs": []
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "take_down_one",
  "inputs": [
   {
    "name": "venue",
    "type": "uint256"
   }
  ],
  "outputs": []
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "term",
  "inputs": [
   {
    "name": "field",
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
   },
   {
    "name": "",
    "type": "bool"
   },
   {
    "name": "",
    "type": "bool"
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "terms",
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
  "name": "unpause",
  "inputs": [],
  "outputs": []
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "weather",
  "inputs": [
   {
    "name": "tripped",
    "type": "bool"
   },
   {
    "name": "distress",
    "type": "bool"
   },
   {
    "name": "wildness",
    "type": "uint256"
   }
  ],
  "outputs": []
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "withdraw_growth",
  "inputs": [
   {
    "name": "venue",
    "type": "uint256"
   }
  ],
  "outputs": []
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "withdraw_offer",
  "inputs": [
   {
    "name": "role",
    "type": "uint256"
   },
   {
    "name": "account",
    "type": "address"
   }
  ],
  "outputs": []
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "withdraw_price",
  "inputs": [
   {
    "name": "expiry",
    "type": "uint256"
   }
  ],
  "outputs": []
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "words",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "uint256[2]"
   }
  ]
 }
] as const;
