/** The market as it is now: one look a block, and the last good one where a node is away. */

import { useEffect, useRef, useState } from "preact/hooks";

import { type Head, NodeDown, NodeEndless, Refused } from "../chain/reader.ts";
import { type Market, type State, stateAt } from "./market.ts";

const LOCAL_CHAIN = 31_337;
const LOCAL = 1_000;
const ELSEWHERE = 2_000;
/** Seconds without a new look after which the page says so. */
export const SILENT = 15;

export interface Live {
  readonly state: State | null;
  /** Why the last look failed; "" where it did not. */
  readonly fault: string;
  /** Milliseconds of this machine's clock at the last good look. */
  readonly seen: number;
}

/** What the market is read through is on another chain. */
class WrongChain extends Error {}

const NEVER: Live = { state: null, fault: "", seen: 0 };

export function useLive(market: Market | null): Live {
  const [live, setLive] = useState<Live>(NEVER);
  useEffect(() => {
    setLive(NEVER);
    if (!market) return;
    let ended = false;
    let isRight = false;
    let last: Head | null = null;
    let seen = 0;
    const look = async (): Promise<void> => {
      try {
        if (!isRight) await checkChain(market);
        isRight = true;
        const head = await market.reader.head();
        // one of several nodes behind an address may be some blocks behind: for a while that is no news
        const isOld = last !== null && head.number < last.number && Date.now() - seen < 1_000 * SILENT;
        if (!isOld && head.hash !== last?.hash) {
          const state = await stateAt(market, head);
          last = head;
          if (!ended) setLive({ state, fault: "", seen: Date.now() });
        } else if (!ended && !isOld) {
          setLive((was) => ({ ...was, fault: "", seen: Date.now() }));
        }
        if (!isOld) seen = Date.now();
      } catch (error) {
        if (!ended) setLive((was) => ({ ...was, fault: faultOf(error) }));
      }
      if (!ended) setTimeout(document.hidden ? wait : look, isLocal(market) ? LOCAL : ELSEWHERE);
    };
    const wait = (): void => {
      // who does not look asks nobody
      const seen = (): void => void (ended || look());
      if (document.hidden) document.addEventListener("visibilitychange", seen, { once: true });
      else seen();
    };
    void look();
    return () => {
      ended = true;
    };
  }, [market]);
  return live;
}

export const isLocal = (market: Market): boolean => market.deployment.chainId === LOCAL_CHAIN;

/** Seconds for which a table of many prices stands where asking is dear: hundreds of questions each time. */
const DEAR = 10;

/** A key that changes with each block on this machine, and every few seconds elsewhere. */
export function beat(market: Market, head: Head): string {
  return isLocal(market) ? head.hash : String(Math.floor(head.timestamp / DEAR));
}

async function checkChain(market: Market): Promise<void> {
  const found = await market.reader.chainId();
  const wanted = market.deployment.chainId;
  if (found !== wanted) throw new WrongChain(`it is on chain ${found}, and this market is on ${wanted}`);
}

export function faultOf(error: unknown): string {
  if (error instanceof Refused) return error.message;
  if (error instanceof NodeEndless) return error.message;
  if (error instanceof NodeDown) return `the node does not answer (${error.message})`;
  return String((error as Error)?.message ?? error);
}

/** The newest answer of a question that is asked again when its key changes; older answers that come late are
 * dropped, and the last good one stays while a new one is on its way. */
export function useAnswer<T>(
  key: string,
  question: () => Promise<T> | null,
): { value: T | null; error: unknown; isLate: boolean } {
  const [answer, setAnswer] = useState<{ key: string; value: T | null; error: unknown }>({
    key: "",
    value: null,
    error: null,
  });
  const turn = useRef(0);
  useEffect(() => {
    turn.current += 1;
    const mine = turn.current;
    const asked = question();
    if (!asked) {
      setAnswer({ key, value: null, error: null });
      return;
    }
    asked.then(
      (value) => mine === turn.current && setAnswer({ key, value, error: null }),
      (error: unknown) => mine === turn.current && setAnswer((was) => ({ key, value: was.value, error })),
    );
  }, [key]);
  return { value: answer.value, error: answer.error, isLate: answer.key !== key };
}

/** As useAnswer, for what may take longer than a block lasts: one question at a time, then the newest. */
export function useFollowed<T>(key: string, question: () => Promise<T>): { value: T | null; error: unknown } {
  const [answer, setAnswer] = useState<{ value: T | null; error: unknown }>({ value: null, error: null });
  const newest = useRef({ key, question });
  const isBusy = useRef(false);
  const isOver = useRef(false);
  newest.current = { key, question };
  useEffect(() => {
    isOver.current = false;
    return () => {
      isOver.current = true;
    };
  }, []);
  useEffect(() => {
    const follow = async (): Promise<void> => {
      if (isBusy.current) return;
      isBusy.current = true;
      for (let asked = ""; asked !== newest.current.key && !isOver.current;) {
        asked = newest.current.key;
        try {
          const value = await newest.current.question();
          if (!isOver.current) setAnswer({ value, error: null });
        } catch (error) {
          if (!isOver.current) setAnswer((was) => ({ value: was.value, error }));
        }
      }
      isBusy.current = false;
    };
    void follow();
  }, [key]);
  return answer;
}
