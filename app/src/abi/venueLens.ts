// Generated from the sources by `make generate`: do not edit.
export const venueLensAbi = [
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
  "name": "venues",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "tuple[]",
    "components": [
     {
      "name": "venue",
      "type": "address"
     },
     {
      "name": "is_down",
      "type": "bool"
     },
     {
      "name": "answers",
      "type": "bool"
     },
     {
      "name": "account",
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
     },
     {
      "name": "bounds",
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
     },
     {
      "name": "quotation",
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
     },
     {
      "name": "price",
      "type": "uint256"
     },
     {
      "name": "move",
      "type": "int256"
     },
     {
      "name": "long",
      "type": "int256"
     },
     {
      "name": "short",
      "type": "int256"
     },
     {
      "name": "buys",
      "type": "uint256"
     },
     {
      "name": "sells",
      "type": "uint256"
     },
     {
      "name": "free",
      "type": "uint256"
     }
    ]
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "view_of",
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
      "name": "venue",
      "type": "address"
     },
     {
      "name": "is_down",
      "type": "bool"
     },
     {
      "name": "answers",
      "type": "bool"
     },
     {
      "name": "account",
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
     },
     {
      "name": "bounds",
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
     },
     {
      "name": "quotation",
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
     },
     {
      "name": "price",
      "type": "uint256"
     },
     {
      "name": "move",
      "type": "int256"
     },
     {
      "name": "long",
      "type": "int256"
     },
     {
      "name": "short",
      "type": "int256"
     },
     {
      "name": "buys",
      "type": "uint256"
     },
     {
      "name": "sells",
      "type": "uint256"
     },
     {
      "name": "free",
      "type": "uint256"
     }
    ]
   }
  ]
 }
] as const;
