// Generated from the sources by `make generate`: do not edit.
export const stressAbi = [
 {
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
  "name": "gate",
  "inputs": [
   {
    "name": "spot",
    "type": "uint256"
   },
   {
    "name": "nav",
    "type": "uint256"
   },
   {
    "name": "opened",
    "type": "uint256"
   }
  ],
  "outputs": [
   {
    "name": "",
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
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "losses",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "tuple",
    "components": [
     {
      "name": "sums",
      "type": "int256[8]"
     },
     {
      "name": "until",
      "type": "uint256"
     },
     {
      "name": "spot",
      "type": "uint256"
     },
     {
      "name": "totals",
      "type": "uint256"
     }
    ]
   }
  ]
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "remark",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "int256"
   }
  ]
 }
] as const;
