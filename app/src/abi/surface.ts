// Generated from the sources by `make generate`: do not edit.
export const surfaceAbi = [
 {
  "name": "SlicePosted",
  "inputs": [
   {
    "name": "expiry",
    "type": "uint256",
    "indexed": true
   },
   {
    "name": "slice_word",
    "type": "uint256",
    "indexed": false
   },
   {
    "name": "beside",
    "type": "uint256",
    "indexed": false
   },
   {
    "name": "is_ahead",
    "type": "bool",
    "indexed": false
   },
   {
    "name": "valid_from",
    "type": "uint256",
    "indexed": false
   },
   {
    "name": "relayer",
    "type": "address",
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
  "name": "THRESHOLD",
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
  "name": "domain_separator",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "bytes32"
   }
  ]
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "post",
  "inputs": [
   {
    "name": "expiry",
    "type": "uint256"
   },
   {
    "name": "slice_word",
    "type": "uint256"
   },
   {
    "name": "valid_from",
    "type": "uint256"
   },
   {
    "name": "signatures",
    "type": "tuple[]",
    "components": [
     {
      "name": "v",
      "type": "uint256"
     },
     {
      "name": "r",
      "type": "uint256"
     },
     {
      "name": "s",
      "type": "uint256"
     }
    ]
   }
  ],
  "outputs": []
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "post_all",
  "inputs": [
   {
    "name": "posts",
    "type": "tuple[]",
    "components": [
     {
      "name": "expiry",
      "type": "uint256"
     },
     {
      "name": "slice_word",
      "type": "uint256"
     },
     {
      "name": "valid_from",
      "type": "uint256"
     },
     {
      "name": "signatures",
      "type": "tuple[]",
      "components": [
       {
        "name": "v",
        "type": "uint256"
       },
       {
        "name": "r",
        "type": "uint256"
       },
       {
        "name": "s",
        "type": "uint256"
       }
      ]
     }
    ]
   }
  ],
  "outputs": []
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "read",
  "inputs": [
   {
    "name": "expiries",
    "type": "uint256[8]"
   }
  ],
  "outputs": [
   {
    "name": "",
    "type": "tuple",
    "components": [
     {
      "name": "slices",
      "type": "uint256[8]"
     },
     {
      "name": "beside",
      "type": "uint256[8]"
     },
     {
      "name": "times",
      "type": "uint256"
     },
     {
      "name": "oldest",
      "type": "uint256"
     }
    ]
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "slices",
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
      "name": "slice_word",
      "type": "uint256"
     },
     {
      "name": "beside",
      "type": "uint256"
     },
     {
      "name": "last",
      "type": "uint256"
     },
     {
      "name": "since",
      "type": "uint256"
     },
     {
      "name": "posted_at",
      "type": "uint256"
     },
     {
      "name": "age",
      "type": "uint256"
     }
    ]
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "whole_at",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "uint256"
   }
  ]
 }
] as const;
