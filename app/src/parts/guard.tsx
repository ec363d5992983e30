/** What a node says may be such that a view cannot be drawn: the rest of the page stands, and the next block is tried. */

import { Component, type ComponentChildren } from "preact";

import { plain } from "../chain/foreign.ts";
import { Notice } from "./basic.tsx";

interface Given {
  /** Changes when it is to be tried again. */
  readonly beat: string;
  readonly children: ComponentChildren;
}

export class Guard extends Component<Given, { readonly fault: string; readonly beat: string }> {
  override state = { fault: "", beat: "" };

  override componentDidCatch(error: unknown): void {
    this.setState({ fault: plain(String((error as Error)?.message ?? error)), beat: this.props.beat });
  }

  override render({ beat, children }: Given) {
    const { fault, beat: failed } = this.state;
    if (!fault || failed !== beat) return children;
    return (
      <Notice kind="bad">
        <p>The node's answers cannot be shown: {fault}.</p>
        <p class="next">The next block is tried by itself. At the top you choose another node.</p>
      </Notice>
    );
  }
}
