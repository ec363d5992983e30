/** Words of others: of a node, a wallet, a contract, a keeper. They stand inside the page's own sentences. */

/** What draws nothing, or turns around what follows it. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const MOST = 200;

/** A text on one line, of at most so many characters, in which nothing is hidden: what draws nothing is shown as �. */
export function plain(text: string, most = MOST): string {
  const shown = text.slice(0, most).replace(HIDDEN, "\uFFFD");
  return text.length > most ? `${shown}…` : shown;
}
