/** Why a call was refused, in words with the next step: the table that the commands print. */

import { type Hex, decodeAbiParameters, numberToHex, size, slice } from "viem";

import { REFUSALS } from "../abi/refusals.ts";
import { plain } from "./foreign.ts";

const ERROR = "0x08c379a0";
const PANIC = "0x4e487b71";
const PANICS: Record<number, string> = {
  0x01: "assertion failed",
  0x11: "arithmetic overflow",
  0x12: "division by zero",
  0x21: "invalid enum value",
  0x32: "index out of bounds",
  0x41: "out of memory",
};

/** The reason inside revert data: Error(string), Panic(uint256), or a description. */
export const reasonOf = (data: Hex): string => plain(reasonIn(data));

function reasonIn(data: Hex): string {
  const length = size(data);
  if (length === 0) return "reverted without a reason";
  const selector = length >= 4 ? slice(data, 0, 4) : data;
  try {
    if (selector === ERROR) return decodeAbiParameters([{ type: "string" }], slice(data, 4))[0];
    if (selector === PANIC) {
      const code = Number(decodeAbiParameters([{ type: "uint256" }], slice(data, 4))[0]);
      return `panic: ${PANICS[code] ?? numberToHex(code)}`;
    }
  } catch {
    return data; // of foreign code, ill-formed
  }
  return data;
}

/** What happened, what to do next, and the contract's own word for it. */
export interface Words {
  readonly what: string;
  readonly next: string;
  readonly code: string;
}

export function inWords(reason: string): Words {
  const known = Object.hasOwn(REFUSALS, reason) ? REFUSALS[reason] : undefined;
  const [what, next] = known ?? [
    "The chain refused the call.",
    "Look the code up in the sources of the venue and of the token.",
  ];
  return { what, next, code: reason };
}
