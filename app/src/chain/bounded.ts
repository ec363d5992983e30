/** Answers are read up to a bound: whoever answers may send without an end. */

/** An answer has more than the page reads of one. */
export class TooLong extends Error {}

/** What an answer of JSON says; it is read no further than so many bytes, then its sender is cut off. Throws TooLong,
 * SyntaxError, and what reading throws. */
export async function boundedJson(answer: Response, most: number): Promise<unknown> {
  return JSON.parse(await boundedText(answer, most));
}

async function boundedText(answer: Response, most: number): Promise<string> {
  const reader = answer.body?.getReader();
  if (!reader) return "";
  const decoder = new TextDecoder();
  let [text, read] = ["", 0];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    read += value.length;
    if (read > most) {
      await reader.cancel().catch(() => {});
      throw new TooLong(`the answer has more than ${megabytes(most)}`);
    }
    text += decoder.decode(value, { stream: true });
  }
}

export const megabytes = (bytes: number): string => `${bytes / 1_000_000} MB`;
