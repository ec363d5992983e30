/** The normal law by Mills' ratio: one rational for both tails, as tandem/model/normal.py has it. */

const INV_SQRT_2PI = 0.3989422804014327;
const FAR = 46;
const P = [
  1.2533141373155003, 2.038942245184596, 1.6463068622701835, 0.8512487225955306, 0.30902171452165383,
  0.0818788216338955, 0.016005690875435227, 0.0022805664582962494, 0.00022731760323977602, 1.439131466076796e-5,
  4.4351293697261256e-7,
];
const Q = [
  1.0, 2.424725098604385, 2.748213548116833, 1.9255543439592486, 0.9287105363990933, 0.3245771941117739,
  0.08413060592608933, 0.01623212143831069, 0.002294957773285166, 0.00022776111617172024, 1.439131466081422e-5,
  4.43512936972421e-7,
];

const horner = (terms: readonly number[], x: number): number => terms.reduceRight((sum, term) => sum * x + term, 0);

export const pdf = (x: number): number => INV_SQRT_2PI * Math.exp(-0.5 * x * x);

/** (1 − N(y)) / n(y) for y ≥ 0. */
function mills(y: number): number {
  if (y <= FAR) return horner(P, y) / horner(Q, y);
  const v = 1 / (y * y);
  return (1 - v * (1 - v * (3 - v * 15))) / y;
}

/** N(x), relative error near 1e-15 in both tails. */
export function cdf(x: number): number {
  const tail = pdf(x) * mills(Math.abs(x));
  return x < 0 ? tail : 1 - tail;
}
