/** An attestation that somebody handed over: held to the chain, field by field. */

import { useId, useState } from "preact/hooks";

import { Notice, Pairs, clock, fixed } from "../../parts/basic.tsx";
import { Term } from "../../parts/glossary.tsx";
import { type Attestation, NotAnAttestation, parseAttestation } from "../../protocol/attestation.ts";
import { usd, wad, wadOf } from "../../protocol/units.ts";
import { type Verdict, verdictOf } from "../../state/attested.ts";
import { faultOf } from "../../state/live.ts";
import type { Market } from "../../state/market.ts";

/** Bytes of a file that are read at the most: more is no attestation. */
const MOST_BYTES = 300_000;
interface Judged {
  readonly said: Attestation;
  readonly verdict: Verdict;
}

export function Attested({ market }: { market: Market }) {
  const id = useId();
  const [text, setText] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const [judged, setJudged] = useState<Judged | null>(null);
  const judge = async (given: string): Promise<void> => {
    setBusy(true);
    setFault("");
    setJudged(null);
    try {
      const said = parseAttestation(given);
      setJudged({ said, verdict: await verdictOf(market, said) });
    } catch (error) {
      setFault(error instanceof NotAnAttestation ? error.message : `It could not be looked at. ${faultOf(error)}`);
    }
    setBusy(false);
  };
  const take = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    const given = await file.slice(0, MOST_BYTES).text();
    setText(given.slice(0, MOST_BYTES));
    await judge(given);
  };
  return (
    <section class="card wide" aria-label="An attestation">
      <h2>
        Check an <Term word="attestation" />
      </h2>
      <p class="about">
        A file that `tandem attest sign` wrote. Everything in it is computed again from the chain at its block, through{" "}
        {market.source}.
      </p>
      <form
        class="attest"
        onSubmit={(event) => {
          event.preventDefault();
          void judge(text);
        }}
      >
        <label for={id}>The file's text</label>
        <textarea
          id={id}
          rows={5}
          spellcheck={false}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <div class="box">
          <input
            type="file"
            accept=".json,application/json"
            aria-label="An attestation's file"
            onChange={(event) => void take(event.currentTarget.files?.[0])}
          />
          <button class="main" type="submit" disabled={isBusy || !text.trim()}>
            {isBusy ? "Reading the chain" : "Verify it"}
          </button>
        </div>
      </form>
      {fault && <Notice kind="bad">{fault}</Notice>}
      {judged && <Judgement {...judged} asset={market.deployment.asset} />}
    </section>
  );
}

function Judgement({ said, verdict, asset }: Judged & { asset: string }) {
  const { differences, isGone, unseen, signer } = verdict;
  const { view } = said;
  const amount = (name: "spot" | "floor" | "residual" | "position" | "nav" | "timestamp"): bigint =>
    view[name] as bigint;
  return (
    <>
      {differences.length === 0 ? (
        <Notice kind="good">
          <p class="next hash">everything agrees with the chain, and {signer} signed it</p>
          <p>Who that is, and whether you trust him, the chain does not say.</p>
        </Notice>
      ) : (
        <Notice kind="bad">
          <p class="next">
            {differences.length === 1 ? "One thing differs" : `${differences.length} things differ`} from what the file
            says.
          </p>
          {isGone && <p>the block is not on this chain: a reorganisation removed it, or it never was</p>}
          {unseen && <p>nothing more was looked at: {unseen}</p>}
          <dl class="differences" aria-label="Differences">
            {differences.map((each) => (
              <div key={each.field}>
                <dt class="code">{each.field}</dt>
                <dd>
                  <span class="about">said</span> <span class="code hash">{each.said}</span>
                </dd>
                <dd>
                  <span class="about">found</span> <span class="code hash">{each.found}</span>
                </dd>
              </div>
            ))}
          </dl>
        </Notice>
      )}
      <Pairs
        label="What the file says"
        rows={[
          ["block", String(view.block)],
          ["at", clock(amount("timestamp"))],
          ["spot", `${fixed(wadOf(amount("spot")))} USD`],
          [<Term word="floor" />, `${usd(amount("floor"))} USD`],
          [<Term word="NAV" />, `${usd(amount("nav"))} USD`],
          [<Term word="hedge" />, `${wad(amount("position"), 6)} ${asset}`],
          [<Term word="residual" />, `${wad(amount("residual"), 6)} ${asset}`],
          ["said to be signed by", <span class="code hash">{said.signer}</span>],
        ]}
      />
    </>
  );
}
