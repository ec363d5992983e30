// Generated from the sources by `make generate`: do not edit.
export const feedAbi = [
 {
  "name": "AnswerUpdated",
  "inputs": [
   {
    "name": "current",
    "type": "int256",
    "indexed": true
   },
   {
    "name": "roundId",
    "type": "uint256",
    "indexed": true
   },
   {
    "name": "updatedAt",
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
  "name": "OWNER",
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
  "name": "answer_zeros",
  "inputs": [
   {
    "name": "yes",
    "type": "bool"
   }
  ],
  "outputs": []
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "answers_zeros",
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
  "name": "decimals",
  "inputs": [],
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
  "name": "description",
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
  "name": "getRoundData",
  "inputs": [
   {
    "name": "round_id",
    "type": "uint80"
   }
  ],
  "outputs": [
   {
    "name": "",
    "type": "uint80"
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
   },
   {
    "name": "",
    "type": "uint80"
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "latestAnswer",
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
  "name": "latestRoundData",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "uint80"
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
   },
   {
    "name": "",
    "type": "uint80"
   }
  ]
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "latestTimestamp",
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
  "name": "latest_id",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "uint80"
   }
  ]
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "next_phase",
  "inputs": [],
  "outputs": []
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "phaseId",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "uint16"
   }
  ]
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "push",
  "inputs": [
   {
    "name": "answer",
    "type": "int256"
   }
  ],
  "outputs": []
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "push_and_tell",
  "inputs": [
   {
    "name": "answer",
    "type": "int256"
   },
   {
    "name": "listener",
    "type": "address"
   },
   {
    "name": "interval",
    "type": "uint256"
   }
  ],
  "outputs": []
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "push_at",
  "inputs": [
   {
    "name": "answer",
    "type": "int256"
   },
   {
    "name": "updated_at",
    "type": "uint256"
   }
  ],
  "outputs": []
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "set_latest",
  "inputs": [
   {
    "name": "round_id",
    "type": "uint80"
   }
  ],
  "outputs": []
 },
 {
  "stateMutability": "nonpayable",
  "type": "function",
  "name": "set_round",
  "inputs": [
   {
    "name": "round_id",
    "type": "uint80"
   },
   {
    "name": "answer",
    "type": "int256"
   },
   {
    "name": "started_at",
    "type": "uint256"
   },
   {
    "name": "updated_at",
    "type": "uint256"
   },
   {
    "name": "answered_in",
    "type": "uint80"
   }
  ],
  "outputs": []
 },
 {
  "stateMutability": "view",
  "type": "function",
  "name": "version",
  "inputs": [],
  "outputs": [
   {
    "name": "",
    "type": "uint256"
   }
  ]
 }
] as const;
