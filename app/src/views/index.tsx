/** The views by name, in the order of the page's head. */

import type { ComponentType } from "preact";

import type { Market, State } from "../state/market.ts";
import { Bundles } from "./bundles.tsx";
import { Earn } from "./earn.tsx";
import { History } from "./history.tsx";
import { Operate } from "./operate.tsx";
import { Positions } from "./positions.tsx";
import { Trade } from "./trade.tsx";
import { Verify } from "./verify.tsx";

/** What every view is given. turn: grows with each trade of the visitor; rest: what the address names after the view. */
export interface Shown {
  readonly market: Market;
  readonly state: State;
  readonly turn: number;
  readonly rest: string;
  readonly hasMetrics: boolean;
  /** Where an index of the market's past is, if the page was told. */
  readonly index: string | null;
  readonly onTraded: () => void;
}

export interface View {
  readonly key: string;
  readonly name: string;
  readonly component: ComponentType<Shown>;
}

export const VIEWS: readonly View[] = [
  { key: "trade", name: "Trade", component: Trade },
  { key: "bundles", name: "Bundles", component: Bundles },
  { key: "positions", name: "Positions", component: Positions },
  { key: "earn", name: "Earn", component: Earn },
  { key: "verify", name: "Verify", component: Verify },
  { key: "history", name: "History", component: History },
  { key: "operate", name: "Operate", component: Operate },
];

/** The first where none has that name. */
export const viewOf = (key: string): View => VIEWS.find((view) => view.key === key) ?? VIEWS[0]!;
