/** The market as it is now: one look a block, and the last good one where a node is away. */

import { useEffect, useRef, useState } from "preact/hooks";

import { type Head, NodeDown, NodeEndless, Refused } from "../chain/reader.ts";
import { type Market, type State, stateAt } from "./market.ts";

const LOCAL_CHAIN = 31_337;
const LOCAL = 1_000;
const ELSEWHERE = 2_000;
/** Seconds without a new look after which the page says so. */
const SILENT = 15;

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

/** Of this market alone: what was seen of another is nothing, from the first picture on. */
export function useLive(market: Market | null): Live {
  const [found, setFound] = useState<{ of: Market | null; live: Live }>({ of: null, live: NEVER });
  useEffect(() => {
    if (!market) return;
    const setLive = (change: (was: Live) => Live): void =>
      setFound(({ of, live }) => ({ of: market, live: change(of === market ? live : NEVER) }));
    let ended = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
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
          if (!ended) setLive(() => ({ state, fault: "", seen: Date.now() }));
        } else if (!ended && !isOld) {
          setLive((was) => ({ ...was, fault: "", seen: Date.now() }));
        }
        if (!isOld) seen = Date.now();
      } catch (error) {
        if (!ended) setLive((was) => ({ ...was, fault: faultOf(error) }));
      }
      if (!ended) timer = setTimeout(next, isLocal(market) ? LOCAL : ELSEWHERE);
    };
    // who does not look asks nobody
    const next = (): void => {
      if (document.hidden) document.addEventListener("visibilitychange", look, { once: true });
      else void look();
    };
    void look();
    return () => {
      ended = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [market]);
  return market && found.of === market ? found.live : NEVER;
}

/** Seconds since the last good look, once those are too many to call its figures those of now; else 0. A node that
 * answers nothing makes nobody draw the page again, so a clock does. */
export function useSilence({ seen }: Live): number {
  const [now, setNow] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), LOCAL);
    return () => clearInterval(timer);
  }, []);
  const silence = seen ? (now - seen) / 1_000 : 0;
  return silence > SILENT ? silence : 0;
}

export const isLocal = (market: Market): boolean => market.deployment.chainId === LOCAL_CHAIN;

/** Seconds for which a table of many prices stands where asking is dear: hundreds of questions each time. */
const DEAR = 10;

/** A key that changes with each block on this machine, and every few seconds elsewhere. */
export function beat(market: Market, head: Head): string {
  return isLocal(market) ? head.hash : String(Math.floor(head.timestamp / DEAR));
}

/** Blocks after which what seldom changes is read again. */
export const SELDOM = 30;

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

/** The last answer and what it is of. */
interface Answer<T> {
  readonly what: string;
  readonly when: string;
  readonly value: T | null;
  readonly error: unknown;
}

const NOTHING = { what: "", when: "", value: null, error: null };

/** A failure leaves what the same question was answered with before. */
const failed =
  <T>(what: string, when: string, error: unknown) =>
  (was: Answer<T>): Answer<T> => ({ what, when, value: was.what === what ? was.value : null, error });

/** Of what is asked now; an answer of anything else is none. */
function answerOf<T>(answer: Answer<T>, what: string, when: string) {
  const { value, error } = answer.what === what ? answer : NOTHING;
  return { value, error: error as unknown, isLate: answer.what !== what || answer.when !== when };
}

/** The newest answer of a question. what: is asked; when: it is asked again once that changes, and the last good answer
 * stays until the new one comes. */
export function useAnswer<T>(what: string, when: string, question: () => Promise<T> | null) {
  const [answer, setAnswer] = useState<Answer<T>>(NOTHING);
  useEffect(() => {
    let isOver = false;
    const asked: Promise<T | null> = question() ?? Promise.resolve(null);
    asked.then(
      (value) => isOver || setAnswer({ what, when, value, error: null }),
      (error: unknown) => isOver || setAnswer(failed(what, when, error)),
    );
    return () => {
      isOver = true;
    };
  }, [what, when]);
  return answerOf(answer, what, when);
}

/** As useAnswer, for what may take longer than a block lasts: one question at a time, then the newest. */
export function useFollowed<T>(what: string, when: string, question: () => Promise<T>) {
  const [answer, setAnswer] = useState<Answer<T>>(NOTHING);
  const newest = useRef({ what, when, question });
  const isBusy = useRef(false);
  const isOver = useRef(false);
  newest.current = { what, when, question };
  useEffect(() => {
    isOver.current = false;
    return () => {
      isOver.current = true;
    };
  }, []);
  useEffect(() => {
    const isNew = (asked: typeof newest.current): boolean =>
      asked.what !== newest.current.what || asked.when !== newest.current.when;
    const follow = async (): Promise<void> => {
      if (isBusy.current) return;
      isBusy.current = true;
      let asked: typeof newest.current;
      do {
        asked = newest.current;
        const { what, when } = asked;
        try {
          const value = await asked.question();
          if (!isOver.current) setAnswer({ what, when, value, error: null });
        } catch (error) {
          if (!isOver.current) setAnswer(failed(what, when, error));
        }
      } while (isNew(asked) && !isOver.current);
      isBusy.current = false;
    };
    void follow();
  }, [what, when]);
  return answerOf(answer, what, when);
}
