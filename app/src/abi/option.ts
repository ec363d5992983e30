// Generated from the sources by `make generate`: do not edit.
export const optionAbi = [
 {
  "name": "Approval",
  "inputs": [
   {
    "name": "owner",
    "type": "address",
    "indexed": true
   },
   {
    "name": "spender",
    "type": "address",
    "indexed": true
   },
   {
    "name": "id",
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
  "name": "OperatorSet",
  "inputs": [
   {
    "name": "owner",
    "type": "address",
    "indexed": true
   },
   {
    "name": "spender",
    "type": "address",
    "indexed": true
   },
   {
    "name": "approved",
    "type": "bool",
    "indexed": false
   }
  ],
  "anonymous": false,
  "type": "event"
 },
 {
  "name": "Transfer",
  "inputs": [
   {
    "name": "caller",
    "type": "address",
    "indexed": false
   },
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
    "name": "id",
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
  "stateMutability": "view",
  "type": "function",
  "name": "ASSET",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "string"
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
  "name": "allowance",
  "inputs": [
   {
    "name": "arg0",
    "type": "address"
   },
   {
    "name": "arg1",
    "type": "address"
   },
   {
    "name": "arg2",
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
  "name": "approve",
  "inputs": [
   {
    "name": "spender",
    "type": "address"
   },
   {
    "name": "id",
    "type": "uint256"
   },
   {
    "name": "amount",
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
  "name": "balanceOf",
  "inputs": [
   {
    "name": "arg0",
    "type": "address"
   },
   {
    "name": "arg1",
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
  "name": "burn",
  "inputs": [
   {
    "name": "owner",
    "type": "address"
   },
   {
    "name": "id",
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
  "stateMutability": "pure",
  "type": "function",
  "name": "decimals",
  "inputs": [
   {
    "name": "id",
    "type": "uint256"
   }
  ],
  "outputs": [
   {
    "name": "",
    "type": "uint8"
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "isOperator",
  "inputs": [
   {
    "name": "arg0",
    "type": "address"
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
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "mint",
  "inputs": [
   {
    "name": "owner",
    "type": "address"
   },
   {
    "name": "id",
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
  "stateMutability": "view",
  "type": "function",
  "name": "name",
  "inputs": [
   {
    "name": "id",
    "type": "uint256"
   }
  ],
  "outputs": [
   {
    "name": "",
    "type": "string"
   }
  ]
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "setOperator",
  "inputs": [
   {
    "name": "spender",
    "type": "address"
   },
   {
    "name": "approved",
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
  "stateMutability": "pure",
  "type": "function",
  "name": "supportsInterface",
  "inputs": [
   {
    "name": "interface_id",
    "type": "bytes4"
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
  "name": "symbol",
  "inputs": [
   {
    "name": "id",
    "type": "uint256"
   }
  ],
  "outputs": [
   {
    "name": "",
    "type": "string"
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "totalSupply",
  "inputs": [
   {
    "name": "arg0",
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
  "name": "transfer",
  "inputs": [
   {
    "name": "receiver",
    "type": "address"
   },
   {
    "name": "id",
    "type": "uint256"
   },
   {
    "name": "amount",
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
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "transferFrom",
  "inputs": [
   {
    "name": "sender",
    "type": "address"
   },
   {
    "name": "receiver",
    "type": "address"
   },
   {
    "name": "id",
    "type": "uint256"
   },
   {
    "name": "amount",
    "type": "uint256"
   }
  ],
  "outputs": [
   {
    "name": "",
    "type": "bool"
   }
  ]
 }
] as const;
