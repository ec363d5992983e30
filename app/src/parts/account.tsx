/** Who acts, and whether the page may ask him to sign: right chain, and contracts that are the deployment's. */

import { createContext } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";

import { type Foreign, foreignCode } from "../chain/deployment.ts";
import { type Announced, Wallet, discover, listen } from "../chain/wallets.ts";
import { type Market, foreignToken } from "../state/market.ts";

export interface Account {
  readonly wallets: readonly Announced[];
  readonly wallet: Wallet | null;
  readonly error: unknown;
  readonly connect: (announced: Announced) => Promise<void>;
  readonly leave: () => void;
}

const NOBODY: Account = { wallets: [], wallet: null, error: null, connect: async () => {}, leave: () => {} };

export const AccountContext = createContext<Account>(NOBODY);
export const useAccount = (): Account => useContext(AccountContext);

export function useWallets(): Account {
  const [wallets, setWallets] = useState<readonly Announced[]>([]);
  const [chosen, setChosen] = useState<Announced | null>(null);
  const [wallet, setWallet] = useState<Wallet | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => discover((one) => setWallets((all) => [...all, one])), []);
  // a wallet that was left, or was passed over for another, is heard no more, also where it cannot be told so
  const turn = useRef(0);
  const unheard = useRef(() => {});
  const turned = (): number => {
    unheard.current();
    unheard.current = () => {};
    return (turn.current += 1);
  };
  const leave = (): void => {
    turned();
    setWallet(null);
    setChosen(null);
  };
  const connect = async (announced: Announced): Promise<void> => {
    setError(null);
    const mine = turned();
    const during = (work: () => void): void => {
      if (mine === turn.current) work();
    };
    let looks = 0; // of two answers the one that was asked for last counts
    const again = (): void => {
      looks += 1;
      const look = looks;
      const newest = (work: () => void): void => during(() => void (look === looks && work()));
      void Wallet.connect(announced).then(
        (found) => newest(() => setWallet(found)),
        () => newest(leave),
      );
    };
    try {
      const found = await Wallet.connect(announced);
      during(() => {
        unheard.current = listen(announced, () => during(again));
        setWallet(found);
        setChosen(announced);
      });
    } catch (fault) {
      during(() => setError(fault));
    }
  };
  return { wallets, wallet: chosen ? wallet : null, error, connect, leave };
}

/** What stands between the visitor and a signature; null where nothing does. */
export async function hindrance(market: Market, wallet: Wallet): Promise<Hindrance | null> {
  const { deployment, reader } = market;
  const [there, theirs] = await Promise.all([reader.chainId(), wallet.chainId()]);
  if (there !== deployment.chainId) return { kind: "node", chainId: there };
  if (theirs !== deployment.chainId) return { kind: "wallet", chainId: theirs };
  const [foreign, why] = await Promise.all([foreignCode(reader, deployment), foreignToken(market)]);
  if (foreign.length) return { kind: "code", foreign };
  return why ? { kind: "token", why } : null;
}

export type Hindrance =
  | { readonly kind: "node" | "wallet"; readonly chainId: number }
  | { readonly kind: "token"; readonly why: string }
  | { readonly kind: "code"; readonly foreign: readonly Foreign[] };
