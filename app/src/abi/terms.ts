// Generated from the sources by `make generate`: do not edit.
export const TERMS = {
 "flags": {
  "index": 0,
  "low": 0,
  "high": 3,
  "default": 0,
  "meaning": "bit 0: paused; 1: venue down; 9-12: one of several; rest: breaker"
 },
 "half_spread": {
  "index": 1,
  "low": 50,
  "high": 1000,
  "default": 150,
  "meaning": "1e-4 of volatility, either side of mid"
 },
 "spread_slope": {
  "index": 2,
  "low": 0,
  "high": 1000,
  "default": 200,
  "meaning": "1e-4 of volatility, added when the book is full"
 },
 "fee": {
  "index": 3,
  "low": 0,
  "high": 300,
  "default": 30,
  "meaning": "1e-5 of notional; at most a tenth of the premium"
 },
 "capital_charge": {
  "index": 4,
  "low": 0,
  "high": 2000,
  "default": 400,
  "meaning": "1e-4 a year of the maximum payoff added"
 },
 "fill_band": {
  "index": 5,
  "low": 30,
  "high": 300,
  "default": 50,
  "meaning": "1e-4 of the oracle price"
 },
 "reserve": {
  "index": 6,
  "low": 500,
  "high": 3000,
  "default": 1000,
  "meaning": "1e-4 of NAV that opens leave free"
 },
 "max_trade": {
  "index": 7,
  "low": 10,
  "high": 1000,
  "default": 200,
  "meaning": "1e-4 of NAV, notional of one trade"
 },
 "gamma_cap": {
  "index": 8,
  "low": 50,
  "high": 2000,
  "default": 400,
  "meaning": "1e-4 of NAV, delta change per 1 % of spot"
 },
 "vega_cap": {
  "index": 9,
  "low": 10,
  "high": 1000,
  "default": 100,
  "meaning": "1e-5 of NAV per vol point"
 },
 "hedge_cost": {
  "index": 10,
  "low": 1,
  "high": 100,
  "default": 10,
  "meaning": "1e-4, cost fraction c of the hedge band"
 },
 "risk_aversion": {
  "index": 11,
  "low": 10,
  "high": 50000,
  "default": 500,
  "meaning": "lambda_0 of the hedge band"
 },
 "surface_age": {
  "index": 12,
  "low": 60,
  "high": 7200,
  "default": 900,
  "meaning": "seconds"
 },
 "exit_share": {
  "index": 13,
  "low": 0,
  "high": 3000,
  "default": 500,
  "meaning": "1e-4 of NAV that opens leave to exits alone"
 },
 "least_premium": {
  "index": 14,
  "low": 0,
  "high": 2000,
  "default": 800,
  "meaning": "1e-4 a year of the maximum added"
 },
 "call_cap": {
  "index": 15,
  "low": 125,
  "high": 500,
  "default": 200,
  "meaning": "1e-2 of the strike, the widest cap"
 },
 "exit_gap": {
  "index": 16,
  "low": 2,
  "high": 2000,
  "default": 10,
  "meaning": "1e-4 of NAV between its sides, the book's spread aside"
 },
 "exit_wait": {
  "index": 17,
  "low": 14400,
  "high": 27000,
  "default": 21600,
  "meaning": "seconds that exits wait for a calm moment at most"
 },
 "surface_move": {
  "index": 18,
  "low": 100,
  "high": 10000,
  "default": 1000,
  "meaning": "1e-4 of volatility an hour"
 },
 "surface_window": {
  "index": 19,
  "low": 0,
  "high": 900,
  "default": 60,
  "meaning": "seconds in which the worse of two slices is quoted"
 },
 "carry": {
  "index": 20,
  "low": 0,
  "high": 1080,
  "default": 240,
  "meaning": "hours of the venue's funding that an open pays"
 },
 "average_band": {
  "index": 21,
  "low": 10,
  "high": 1000,
  "default": 200,
  "meaning": "1e-4 around the pool's average, for rebalances"
 },
 "chunk": {
  "index": 22,
  "low": 1,
  "high": 50,
  "default": 1,
  "meaning": "1e-4 of the pool's depth a minute, for rebalances"
 },
 "gate": {
  "index": 23,
  "low": 500,
  "high": 4000,
  "default": 2000,
  "meaning": "1e-4 of NAV that the worst of eight jumps may cost after an open"
 },
 "hour": {
  "index": 24,
  "low": 100,
  "high": 60000,
  "default": 1000,
  "meaning": "1e-4 of NAV, notional that opens add in an hour"
 },
 "jump": {
  "index": 25,
  "low": 100,
  "high": 20000,
  "default": 500,
  "meaning": "1e-4 of the price that trips, past four deviations"
 },
 "venue_loss": {
  "index": 26,
  "low": 10,
  "high": 1000,
  "default": 100,
  "meaning": "1e-4 of NAV lost unexplained in a day that trips"
 },
 "share_fall": {
  "index": 27,
  "low": 100,
  "high": 10000,
  "default": 1000,
  "meaning": "1e-4 that a share may fall in a day"
 },
 "drain": {
  "index": 28,
  "low": 20,
  "high": 5000,
  "default": 200,
  "meaning": "1e-5 of NAV that funding may take in a day"
 },
 "bounty": {
  "index": 29,
  "low": 0,
  "high": 500,
  "default": 50,
  "meaning": "1e-5 of NAV that bounties may take in a day"
 },
 "unwind": {
  "index": 30,
  "low": 1,
  "high": 48,
  "default": 4,
  "meaning": "hours in which a hedge of all that is open can come home"
 }
} as const;
