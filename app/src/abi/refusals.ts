// Generated from the sources by `make generate`: do not edit.
export const REFUSALS = {
 "AS": [
  "An order of size 0 was refused.",
  "Trade at least the venue's lot."
 ],
 "AlreadyUnlocked": [
  "Whoever called holds the pool manager open, and it opens for one at a time.",
  "Trade in a transaction of its own."
 ],
 "BorrowCapExceeded": [
  "More of this token would be owed than the lending market's cap.",
  "Trade at most max_order(order), or wait until others have repaid."
 ],
 "BorrowingNotEnabled": [
  "The lending market lends this token to nobody.",
  "Wait, or hedge on another venue."
 ],
 "CH_EAV": [
  "The account is above its maintenance margin and cannot be liquidated.",
  "Nothing is left to do."
 ],
 "CH_F0S": [
  "There is no liquidity at the venue's price at all.",
  "Hedge on another venue until makers return."
 ],
 "CH_IIC": [
  "The venue's insurance fund cannot cover the loss of this liquidation.",
  "Somebody must fund it first; count the account as worth nothing until then."
 ],
 "CH_MNO": [
  "The venue's market is paused or closed.",
  "Hedge on another venue; a closed position is paid out by quitMarket."
 ],
 "CH_MP": [
  "The venue's market is paused.",
  "Wait until it opens or closes."
 ],
 "CH_NEFCI": [
  "The venue account has less than the initial margin that opening, adding or flipping needs.",
  "Deposit margin or trade at most max_order(order)."
 ],
 "CH_NEFCM": [
  "Even a reducing order is refused, because the account is under its maintenance margin.",
  "Top up the venue account first, then trade; until then anybody may liquidate it."
 ],
 "CH_OMPS": [
  "Makers cannot add liquidity while the pool is too far from the index.",
  "Wait until arbitrage has moved the pool."
 ],
 "CH_PSZ": [
  "There is no position to close.",
  "Nothing is left to do."
 ],
 "CH_SHNAOPT": [
  "The venue's owner replaced the contract that holds trading approvals.",
  "Call renew_approval() on the venue adapter; anybody may."
 ],
 "CH_TE": [
  "The order's deadline has passed.",
  "Send it again with a later deadline."
 ],
 "CH_TLRL": [
  "The purchase would bring less base than the bound allows.",
  "Quote again."
 ],
 "CH_TLRS": [
  "The sale would bring less than the price bound allows.",
  "Quote again; widen the bound only if the oracle agrees with the pool."
 ],
 "CH_TMRL": [
  "The purchase would cost more than the price bound allows.",
  "Quote again; widen the bound only if the oracle agrees with the pool."
 ],
 "CH_TMRS": [
  "The sale would take more base than the bound allows.",
  "Quote again."
 ],
 "CollateralCannotCoverNewBorrow": [
  "The account has less collateral than the lending market asks for what would be owed.",
  "Deposit margin or trade at most max_order(order)."
 ],
 "CurrencyNotSettled": [
  "What was paid to the pool manager is not what the order owes.",
  "Look at what the lender or a token moved in the same transaction."
 ],
 "EX_BTNE": [
  "The venue has no such market.",
  "Check the base token's address."
 ],
 "EX_MIP": [
  "The venue has stopped trading in this market.",
  "Wait, or hedge on another venue."
 ],
 "EX_OPB": [
  "The order would push the venue's pool further from its index than the price band allows.",
  "Wait until arbitrage has moved the pool to the index, or trade the other way or smaller."
 ],
 "EX_OPLAS": [
  "The order would move the venue's pool further than one 15-second window allows.",
  "Split the order, 15 seconds apart."
 ],
 "HealthFactorLowerThanLiquidationThreshold": [
  "The account would be liquidated at once.",
  "Top up the venue account first, then trade; until then anybody may liquidate it."
 ],
 "InvalidAmount": [
  "The lending market does not have so much of this token there.",
  "Wait, or hedge on another venue."
 ],
 "LtvValidationFailed": [
  "A token that is worth nothing as collateral any more carries the account's debts.",
  "Call settle_collateral for the token, then trade again."
 ],
 "OLD": [
  "The venue's pool has no 30-minute average yet, or too few observations for one.",
  "Wait 30 minutes, or raise the pool's observation cardinality."
 ],
 "Pausable: paused": [
  "The whole venue is paused.",
  "Wait, or hedge on another venue."
 ],
 "PoolNotInitialized": [
  "The pool manager has no pool of this key.",
  "Compare pool, fee and tick_spacing with an explorer of pools."
 ],
 "PriceOracleSentinelCheckFailed": [
  "The lending market lends nothing while the rollup's sequencer is down, and a while after.",
  "Wait."
 ],
 "ReserveFrozen": [
  "The lending market has frozen one of the two tokens: nothing more is lent or borrowed there.",
  "Lower the position, or wait."
 ],
 "ReserveInactive": [
  "The lending market has ended one of the two tokens.",
  "Wait, or hedge on another venue."
 ],
 "ReservePaused": [
  "The lending market has paused one of the two tokens.",
  "Wait, or hedge on another venue."
 ],
 "SPL": [
  "The pool is past the order's price limit already.",
  "Read slot0 again; nothing is left to do at that limit."
 ],
 "SafeCast: value must be positive": [
  "The venue's averages are below zero: its oracle adapter was not told of the last price.",
  "Call refresh() on the venue adapter; anybody may, and a trade does so too."
 ],
 "SafeMath: subtraction overflow": [
  "The venue's oracle adapter was not told of the feed's last price for over 15 minutes.",
  "Call refresh() on the venue adapter; anybody may, and a trade does so too."
 ],
 "SiloedBorrowingViolation": [
  "The lending market lets nobody owe this token beside another.",
  "Wait, or hedge on another venue."
 ],
 "SupplyCapExceeded": [
  "More of this token would be lent than the lending market's cap.",
  "Trade at most max_order(order), or wait until others have taken theirs back."
 ],
 "SwapAmountCannotBeZero": [
  "An order of nothing.",
  "Trade an amount."
 ],
 "UB_UOA": [
  "The venue's pool does not hold enough liquidity to fill the order exactly.",
  "Trade smaller, or hedge on another venue."
 ],
 "UnderlyingBalanceZero": [
  "The account lends nothing of this token.",
  "Nothing is to be done."
 ],
 "UserInIsolationModeOrLtvZero": [
  "The lending market takes this token for no debts now.",
  "Call settle_collateral again once its loan to value is above nothing."
 ],
 "V_GTSTBC": [
  "The venue's cap on deposits is reached.",
  "Wait, or use another venue."
 ],
 "V_IBA": [
  "The quote token did not arrive in full.",
  "Check the token: one that takes a fee cannot be used."
 ],
 "V_NEFC": [
  "The withdrawal is larger than the account's free collateral.",
  "Withdraw at most free_collateral()."
 ],
 "V_ZA": [
  "A deposit of nothing was refused.",
  "Deposit more than 0."
 ],
 "aave: fill not exact": [
  "The position moved by something else than the order.",
  "Look at what the lending market did in the same transaction."
 ],
 "aave: health factors": [
  "Health factors rise: 1 < least < target < most <= 10.",
  "Correct margin_least, margin_target and margin_most."
 ],
 "aave: no router": [
  "The adapter was given no router.",
  "Pass the router's address."
 ],
 "aave: not ours": [
  "What would be left is less than what others gave.",
  "Withdraw at most free_collateral."
 ],
 "aave: not the pool": [
  "Only the pool calls back.",
  "Nothing is to be done."
 ],
 "aave: not the router": [
  "Only the router trades or moves margin.",
  "Go through the Market."
 ],
 "aave: past the bound": [
  "The pool fills at a worse price than the order allows.",
  "Trade at most max_order(order), or wait until arbitrage has moved the pool."
 ],
 "book: claims too large": [
  "More would be set aside than the book can count.",
  "This should never be seen: please report the transaction."
 ],
 "book: expiry delisted": [
  "Nothing opens in this expiry any more; what is open there can be closed.",
  "Choose another one: `tandem chain` says which open."
 ],
 "book: expiry not listed": [
  "The market does not list this expiry.",
  "Choose one that `tandem status` shows."
 ],
 "book: header range": [
  "An expiry's header does not fit its word.",
  "This should never be seen: please report the transaction."
 ],
 "book: no free node": [
  "This expiry has its sixteen strikes already.",
  "Use one of them, or another expiry."
 ],
 "book: no free slot": [
  "Eight expiries are listed already.",
  "Wait until one of them is settled."
 ],
 "book: nothing to delist": [
  "This expiry has no strikes listed.",
  "Name one that `tandem status` shows."
 ],
 "book: paid over claims": [
  "More would be paid than was set aside.",
  "This should never be seen: please report the transaction."
 ],
 "book: strike not listed": [
  "The strike, or the cap or floor, is not on this expiry's ladder.",
  "Choose strikes that `tandem status` shows, or ask a lister for them."
 ],
 "book: strike range": [
  "A strike is a whole number of USD from 1 to 16,777,215.",
  "List another strike."
 ],
 "book: too large": [
  "The expiry would hold more of something than its words can.",
  "Trade smaller, or at another strike."
 ],
 "bounty: no ether price": [
  "The address that says what ether costs is needed.",
  "Change the argument in the deployment file and plan again."
 ],
 "bounty: stamped already": [
  "Somebody has noted that the residual is past the trigger; the first note counts.",
  "Bring it home by `Bounty.rebalance`: what that is paid rises for ten minutes."
 ],
 "bounty: under least": [
  "The rebalance would be paid less than was asked for, or somebody else has sent it.",
  "Ask for less, or later: `tandem status` shows what is due."
 ],
 "breaker: not the stress test": [
  "The breaker looks at what the stress test shows it, and at nothing else.",
  "Call `StressTest.remark`: `tandem remark` does."
 ],
 "breaker: too little gas": [
  "The transaction carries too little gas for the breaker to ask what the Vault is worth.",
  "Send it with 10,000,000; what is not used is not paid."
 ],
 "curie: bought above the bound": [
  "The pool sells the hedge dearer than the fill band around the oracle's price allows.",
  "Wait until arbitrage has moved the pool to the index, or trade smaller."
 ],
 "curie: fill not exact": [
  "The venue's position did not change by exactly the order.",
  "Stop trading on this venue and look at it."
 ],
 "curie: margin bounds": [
  "Margin bounds rise to 100 % at most: least over what liquidates, target over what opens, there.",
  "Correct margin_least, margin_target and margin_most."
 ],
 "curie: no router": [
  "The adapter was given no router.",
  "Pass the router's address."
 ],
 "curie: not ours": [
  "The withdrawal would take margin that others gave to the account.",
  "Withdraw at most free_collateral()."
 ],
 "curie: not the router": [
  "Only the hedge router may trade or move margin.",
  "Go through the market or the router."
 ],
 "curie: sold below the bound": [
  "The pool buys the hedge cheaper than the fill band around the oracle's price allows.",
  "Wait until arbitrage has moved the pool to the index, or trade smaller."
 ],
 "curie: too few observations": [
  "The venue's pool keeps too few observations: cheap trades could erase its average.",
  "Call the pool's increaseObservationCardinalityNext(1801), wait for a trade, plan again."
 ],
 "ether: no age": [
  "A greatest age of ether's feed is needed.",
  "Change the argument in the deployment file and plan again."
 ],
 "ether: no feed": [
  "A price feed of ether is needed.",
  "Change the argument in the deployment file and plan again."
 ],
 "exits: assets over claim": [
  "More is asked for than may be claimed.",
  "See maxWithdraw."
 ],
 "exits: eight epochs open": [
  "One account waits in at most eight epochs at once, and the first of these was paid.",
  "Claim what was processed, then ask again."
 ],
 "exits: shares over claim": [
  "More is asked for than may be claimed.",
  "See maxRedeem."
 ],
 "exits: too large": [
  "More than the queue can count.",
  "This should never be seen: please report the transaction."
 ],
 "floor: negative": [
  "The trade would leave less cash than option holders could claim.",
  "Close less at once, or hold to expiry: the payoff is covered in full."
 ],
 "floor: nothing fits": [
  "The Vault's floor, or the venue's margin, leave no room for even the smallest part you accept.",
  "Ask for less, lower min_units, wait for a top-up, or hold to expiry: the payoff is covered."
 ],
 "floor: under reserve": [
  "The Vault has no capital to spare for another open.",
  "Wait for deposits or closes, or trade smaller."
 ],
 "gate: hour is full": [
  "Opens of this hour have added what they may (`hour`), or all that the venue can undo (`unwind`).",
  "Trade smaller, or later: `tandem risk` shows what is left, and it comes back within the hour."
 ],
 "gate: stale": [
  "The book's mark for the jump gate is over an hour old, or of another spot or an expiry past.",
  "`tandem remark` marks it, for its gas alone; a keeper does so as a rule."
 ],
 "gate: worst jump": [
  "The worst of eight instant jumps would cost LPs more than the gate lets opens leave.",
  "Trade smaller, or what the book has less of: `tandem risk` shows each jump's cost."
 ],
 "guardian: delay bounds": [
  "The delay is from 1 to 30 days.",
  "Change the argument in the deployment file and plan again."
 ],
 "guardian: has the role": [
  "The account has this role.",
  "Nothing is left to do."
 ],
 "guardian: held": [
  "A venue went down or came back, or slices are to be fresher, and LPs may not have left yet.",
  "`tandem terms` says until when; what lapses meanwhile is announced anew."
 ],
 "guardian: lacks the role": [
  "The account has no such role.",
  "Nothing is left to do."
 ],
 "guardian: lapsed": [
  "The change waited longer than two weeks after its delay.",
  "Queue it again."
 ],
 "guardian: no such offer": [
  "The role is not offered to this account.",
  "`tandem terms` shows every offer."
 ],
 "guardian: nobody": [
  "The zero address takes no role.",
  "Pass an account."
 ],
 "guardian: none to cancel": [
  "No change of this waits.",
  "Nothing is left to do."
 ],
 "guardian: none to withdraw": [
  "Nothing is proposed.",
  "Nothing is left to do."
 ],
 "guardian: not a guardian": [
  "Only accounts with the guardian's role may do this.",
  "Send it from such an account."
 ],
 "guardian: not expired": [
  "A settlement price is proposed only after the expiry.",
  "Wait for it."
 ],
 "guardian: not offered": [
  "The role was not offered.",
  "The owner offers it first."
 ],
 "guardian: not paused": [
  "It is not paused.",
  "Nothing is left to do."
 ],
 "guardian: not the breaker": [
  "Only the breaker says how wild the market is.",
  "Guardians stop opens by `pause`."
 ],
 "guardian: not the owner": [
  "Only the owner may do this.",
  "Send it from the owner's account."
 ],
 "guardian: nothing proposed": [
  "The owner proposed no settlement price for this expiry, or no growth for this venue.",
  "Settle with a round of a feed; an owner proposes a growth (`tandem govern propose-growth`)."
 ],
 "guardian: nothing queued": [
  "No change of this waits.",
  "Queue it first."
 ],
 "guardian: offer to nobody": [
  "A role is offered to an account.",
  "Name it; `tandem govern withdraw-offer` takes an offer back."
 ],
 "guardian: out of bounds": [
  "The value lies outside the bounds of this parameter.",
  "`tandem terms` prints them, with their bounds and who may change them."
 ],
 "guardian: owner stays": [
  "The owner's role is handed over, never given up.",
  "Offer it to somebody else."
 ],
 "guardian: proposer left": [
  "The settlement price was proposed by a former owner.",
  "The owner proposes one himself."
 ],
 "guardian: role is full": [
  "No more accounts fit this role.",
  "Revoke one first."
 ],
 "guardian: too early": [
  "Its delay is not over.",
  "Wait until the moment that was announced."
 ],
 "guardian: too many offers": [
  "Sixteen accounts have an offer of this role.",
  "Withdraw one of them first."
 ],
 "guardian: too many venues": [
  "There are at most four venues.",
  "Change the argument in the deployment file and plan again."
 ],
 "guardian: unknown field": [
  "There is no such parameter.",
  "`tandem terms` prints them, with their bounds and who may change them."
 ],
 "guardian: unknown flag": [
  "There is no such flag.",
  "`tandem terms` prints them, with their bounds and who may change them."
 ],
 "guardian: unknown role": [
  "There is no such role.",
  "Use owner, guardian, lister or signer."
 ],
 "guardian: unknown venue": [
  "No venue has that place: of several they count from 0, and the only one has none.",
  "`tandem govern take-down` finds the place of a venue by its name."
 ],
 "guardian: venue is down": [
  "The hedge venue is taken down already.",
  "Nothing is left to do."
 ],
 "guardian: venue is up": [
  "The hedge venue is not taken down.",
  "Nothing is left to do."
 ],
 "hedge: bad target": [
  "A rebalance aims at 0 or at a residual of the same sign nearer to it.",
  "Pass 0, or a smaller target."
 ],
 "hedge: fill over band": [
  "The hedge would fill further above the oracle's price than the fill band allows.",
  "Wait until arbitrage has moved the venue's pool to the index."
 ],
 "hedge: fill under band": [
  "The hedge would fill further below the oracle's price than the fill band allows.",
  "Wait until arbitrage has moved the venue's pool to the index."
 ],
 "hedge: inside trigger": [
  "The residual is too small to be worth a rebalance, or too small to be brought so far.",
  "Wait: `tandem status` shows both. To bring a part, aim at what makes a whole band with it."
 ],
 "hedge: not exact": [
  "The venue's position did not change by exactly the order.",
  "Stop trading on this venue and look at it."
 ],
 "hedge: not reduced": [
  "The rebalance would not have brought the residual down.",
  "Read the state again: somebody else may have hedged already."
 ],
 "hedge: residual over band": [
  "The trade would leave more delta unhedged than the hard band allows.",
  "Rebalance first, or trade smaller."
 ],
 "hedge: settle first": [
  "An expiry is past and waits for its price: nothing enlarges the hedge until then.",
  "Settle the expiry: `tandem status` names it, the keeper sends it."
 ],
 "hedge: venue off oracle": [
  "All of this trade or a part needs no order, and the venue's price is a fill band off the oracle's.",
  "Wait until they agree; closing goes on, at the venue's price."
 ],
 "insufficient collateral": [
  "The account has less collateral than the lender asks for what would be owed.",
  "Deposit margin or trade at most max_order(order)."
 ],
 "insufficient liquidity": [
  "The market's lenders have not left so much of this token there.",
  "Trade at most max_order(order), or wait until others repay or lend."
 ],
 "lender: decimals": [
  "The base token has 8 to 18 decimals and the quote token 6.",
  "Compare both tokens with the lending market's address book."
 ],
 "lender: no collateral": [
  "What is pledged in one of the two markets counts for nothing.",
  "Name a market with a threshold above nothing."
 ],
 "lender: no reserve": [
  "The lending market has no such token.",
  "Compare both tokens with its address book."
 ],
 "lender: not their markets": [
  "One of the two markets lends or takes other tokens, or there is none of that id.",
  "The short's lends wrapped ether for the quote token, the long's the other way round."
 ],
 "lending: cap bounds": [
  "The cap of losses is at most 100 % of NAV, its period a year, and not nothing.",
  "Change the argument in the deployment file and plan again."
 ],
 "lens: settle first": [
  "An expiry is past and has no price, so the Vault cannot be valued.",
  "Settle it: anybody may, with the first round at or after the expiry."
 ],
 "lens: venue down": [
  "The hedge venue is down, and nobody knows what the margin there is worth.",
  "LPs leave from three days after on, without their part of it; deposits wait."
 ],
 "lens: venue off oracle": [
  "The hedge venue's price is so far from the oracle's that it would make a deposit dear.",
  "Come again in some minutes: one of the two is about to move."
 ],
 "limits: book gamma": [
  "The book would carry more gamma than its cap.",
  "Trade smaller, or at a later expiry."
 ],
 "limits: book vega": [
  "The book would carry more vega than its cap.",
  "Trade smaller, or at a nearer expiry."
 ],
 "limits: cap too far": [
  "The call's cap lies further from its strike than the terms allow.",
  "Choose a nearer cap, twice the strike or less by default."
 ],
 "limits: delta": [
  "The option is too far from the money, or too far in it, to be sold.",
  "Choose a strike nearer to spot."
 ],
 "limits: expired": [
  "The series has expired.",
  "Choose an expiry that is ahead."
 ],
 "limits: moneyness": [
  "Strikes from 0.6 to 1.6 times spot are opened.",
  "Choose a strike nearer to spot."
 ],
 "limits: over outstanding": [
  "More would be sold back than is outstanding at this expiry.",
  "Close at most what you hold."
 ],
 "limits: size over cap": [
  "One trade may only be so large a share of the Vault.",
  "Trade smaller, or in several trades."
 ],
 "limits: size too small": [
  "The trade is smaller than a trade may be.",
  "Trade at least 0.01 of the asset."
 ],
 "limits: tenor": [
  "Only expiries from 7 to 45 days ahead are opened.",
  "Choose another expiry; `tandem status` lists them."
 ],
 "margin: bankrupt account": [
  "The hedge account owes more than its hedge is worth keeping: what is sent there is gone.",
  "Wait until it is liquidated and its debt settled; then top up."
 ],
 "margin: carry unknown": [
  "What holding costs there was not asked within the last hour, and an hour before that.",
  "Come again in an hour: the call that asks is the same."
 ],
 "margin: floor or budget": [
  "The floor leaves nothing to lend to the venue, or it lost more than margin may follow.",
  "Wait for deposits, closes or a settlement; what it lost is forgotten with time."
 ],
 "margin: moving costs more": [
  "Moving the hedge costs more than holding it elsewhere saves while it may be expected to stay.",
  "Leave it where it is, or move less of it: a smaller order costs less for each unit."
 ],
 "margin: no delever due": [
  "The account has its least equity for the hedge that is there, or there is no hedge.",
  "Nothing is left to do."
 ],
 "margin: no sweep due": [
  "The account holds no more than it should.",
  "Nothing is left to do."
 ],
 "margin: no top-up due": [
  "Each account has its margin, or nobody knows at what price it would be judged.",
  "Nothing is left to do."
 ],
 "margin: not lowered": [
  "The venue reports a position that is no smaller after an order that lowers it.",
  "Report it: the venue does not do what it says."
 ],
 "margin: nothing is free": [
  "The venue lets nothing go now.",
  "Wait, and try again."
 ],
 "margin: nothing to move": [
  "The first venue holds no hedge, or both are one.",
  "Name one that holds a part of it, and another: `tandem venues` shows them."
 ],
 "margin: target bears less": [
  "The account there would be under its least margin, or under its target with what may be lent.",
  "Top it up first (`tandem top-up`), or move less."
 ],
 "margin: top up instead": [
  "What the Vault may lend lifts the account over its least equity.",
  "Send `tandem top-up`; the keeper does."
 ],
 "margin: unknown venue": [
  "The venue is none of this deployment's.",
  "Name none: there is one."
 ],
 "margin: venue down": [
  "The hedge venue is down: no margin is sent there, and none is counted on.",
  "Wait until the owner brings it back."
 ],
 "margin: venue is not up": [
  "The venue is none of this deployment's, or a guardian took it down.",
  "Name one that is up (`VenueSet.venues_up`), or none: then the first that is due."
 ],
 "market not created": [
  "The lender has no market of these terms.",
  "Compare short_market and long_market with the lender's own list."
 ],
 "market: bad expiry": [
  "An expiry is a moment ahead, at 08:00 UTC.",
  "Choose the next day at 08:00 UTC or a later one."
 ],
 "market: deadline passed": [
  "The transaction arrived after its deadline.",
  "Send it again with a later deadline."
 ],
 "market: expired, redeem": [
  "The series has expired and cannot be closed any more.",
  "Redeem it once the expiry is settled; anybody may settle it."
 ],
 "market: imputed cost": [
  "The imputed hedge cost is at most 5 %.",
  "Change the argument in the deployment file and plan again."
 ],
 "market: not a lister": [
  "Only accounts with the lister's role list expiries and strikes.",
  "Ask the Guardian's owner for the role, or use another account."
 ],
 "market: not expired": [
  "The expiry is still ahead.",
  "Settle it after 08:00 UTC of its day."
 ],
 "market: not settled": [
  "The expiry has no settlement price yet.",
  "Settle it first: anybody may, with the first round behind the expiry, or the owner's price."
 ],
 "market: not the bounty": [
  "Rewards are paid for what the Bounty has seen brought home.",
  "Call `Bounty.rebalance`: anybody may."
 ],
 "market: not the owner": [
  "Only the holder or his operator redeems in the first seven days, and for a contract always.",
  "Wait for the eighth day, and pay the holder himself; a contract has to ask, or its operator."
 ],
 "market: order over bid": [
  "The close's hedge costs far more to unwind than the option is worth: LPs would pay for it.",
  "Sell less, wait until the pool is nearer to the oracle, or hold it to its expiry."
 ],
 "market: paused": [
  "Opens are stopped, by a guardian or by the breaker: `tandem status` says which, and why.",
  "Wait; closing, settling and redeeming go on as ever."
 ],
 "market: payout under min": [
  "The close would pay less than the least that you take.",
  "Quote again; lower it (`--least`, min_payout) only if the new price suits you."
 ],
 "market: premium over max": [
  "Premium, fee, capital charge and hedge cost come to more than the most that you pay.",
  "Quote again; raise it (`--most`, max_premium) only if the new price suits you."
 ],
 "market: surface stale": [
  "The volatility surface is too old to trade on, or to value the book on.",
  "Wait for a keeper's next post. `exit_wait` after the last one a close pays what is in the money and exits are paid by it; opens and deposits wait on."
 ],
 "market: too far ahead": [
  "Expiries lie at most 90 days ahead.",
  "List it nearer the day."
 ],
 "market: venue down": [
  "A guardian took the hedge venue down: nothing can be hedged there.",
  "Wait until it is back; closes that need no order, settling and redeeming go on."
 ],
 "market: zero size": [
  "A trade of nothing was refused.",
  "Ask for more than 0 units."
 ],
 "morpho: fill not exact": [
  "The position moved by something else than the order.",
  "Look at what the lender did in the same transaction."
 ],
 "morpho: health factors": [
  "Health factors rise: 1 < least < target < most <= 10.",
  "Correct margin_least, margin_target and margin_most."
 ],
 "morpho: no router": [
  "The adapter was given no router.",
  "Pass the router's address."
 ],
 "morpho: not ours": [
  "What would be left is less than what others gave.",
  "Withdraw at most free_collateral."
 ],
 "morpho: not the pool": [
  "Only the pool calls back.",
  "Nothing is to be done."
 ],
 "morpho: not the router": [
  "Only the router trades or moves margin.",
  "Go through the Market."
 ],
 "morpho: past the bound": [
  "The pool fills at a worse price than the order allows.",
  "Trade at most max_order(order), or wait until arbitrage has moved the pool."
 ],
 "panic: arithmetic overflow": [
  "More of a token is asked of the lending market than lies there: it says so in no other way.",
  "Trade at most max_order(order), or wait until others repay or lend."
 ],
 "pool: another key, or hooks": [
  "The id is not that of the pool of these tokens, this fee and spacing that has no hooks.",
  "Name fee and tick_spacing of the pool; one with hooks cannot be taken."
 ],
 "pool: native ether": [
  "One of the two tokens is ether itself.",
  "Name a pool of wrapped ether: lenders have no other."
 ],
 "pool: not initialised": [
  "The pool manager keeps no pool of this id.",
  "Compare pool and pool_manager with an explorer of pools."
 ],
 "pool: not the manager": [
  "Only the pool manager calls back.",
  "Nothing is to be done."
 ],
 "position is healthy": [
  "The account may not be liquidated.",
  "Nothing is to be done."
 ],
 "reverted without a reason": [
  "A contract that is asked says nothing: at the lending market it is an oracle without an answer.",
  "Wait; a guardian may take the venue down, and then closes go on."
 ],
 "risk: band terms": [
  "The band's cost or risk aversion is out of range.",
  "`tandem terms` prints them, with their bounds and who may change them."
 ],
 "risk: cap or floor": [
  "A call's cap lies above its strike, a put's floor below it.",
  "Swap or change the two strikes."
 ],
 "risk: forward range": [
  "Forward and strike lie between 0 and 7.9e10 USD.",
  "Check the units: prices are WAD."
 ],
 "risk: half spread": [
  "The half-spread is over 10,000 %.",
  "Pass it as WAD: 0.01 is 1e16."
 ],
 "risk: open slope": [
  "The payoff would grow without bound.",
  "This should never be seen: please report the transaction."
 ],
 "risk: price range": [
  "A settlement price lies under 7.9e10 USD.",
  "Check the units: prices are WAD."
 ],
 "risk: spot range": [
  "Spot lies between 0.01 and 7.9e10 USD.",
  "Check the units: prices are WAD."
 ],
 "risk: strike range": [
  "A strike is a whole number of USD from 1 to 16,777,215.",
  "Choose another strike."
 ],
 "router: approve": [
  "The quote token refused an approval.",
  "Check the token."
 ],
 "router: come again": [
  "This minute's chunk of the residual is spent, or somebody has just moved the pool.",
  "Send it again a minute later; the keeper does."
 ],
 "router: deviation": [
  "An open's spot may lie off the pool's average by its whole at the most.",
  "Change the argument in the deployment file and plan again."
 ],
 "router: margin first": [
  "Margin, and what the Vault may lend, carry no larger hedge at the account's target.",
  "Top up where that is due (`tandem top-up`); else wait for deposits or closes."
 ],
 "router: not the desk": [
  "Only the margin desk moves margin.",
  "Go through MarginDesk."
 ],
 "router: not the market": [
  "Only the Market orders hedges.",
  "Go through the Market."
 ],
 "router: not the stress test": [
  "Only the stress test marks the book for the gate.",
  "Call `StressTest.remark`: `tandem remark` does."
 ],
 "router: nothing fits": [
  "Neither the venue's margin nor its pool, inside the fill band, carries any of this order.",
  "Top up its account (`tandem top-up`), or wait until arbitrage has moved the pool to the index."
 ],
 "router: nothing to net": [
  "The two markets take nothing of it now, inside the bands and the pace of what no trader brings.",
  "Come again in a minute."
 ],
 "router: off the average": [
  "The pool's price lies too far on the worse side of its own three-minute average.",
  "Send it again: it fills near the average, or ten minutes after the wait began."
 ],
 "router: spot off average": [
  "The oracle's price is further from the pool's average of three minutes than opens may be.",
  "Wait until the feed has spoken, or the pool is where the market is; closing goes on."
 ],
 "router: under minimum": [
  "The venue account would keep less than its least equity for the hedge of this open.",
  "Top up the venue account (`tandem top-up`), or trade smaller."
 ],
 "series: unknown": [
  "The id names no series: a call needs a cap above its strike, a put's floor lies below it.",
  "Write the series as ETH-27MAR26-3000-6000-C or ETH-27MAR26-3000-P."
 ],
 "shares: allowance": [
  "The owner allowed less.",
  "Ask him to approve more."
 ],
 "shares: balance": [
  "The account holds fewer shares.",
  "See balanceOf."
 ],
 "shares: receiver": [
  "Shares go neither to nobody nor to the Vault.",
  "Pass another receiver."
 ],
 "shares: supply": [
  "More shares than the Vault can count.",
  "Deposit less."
 ],
 "spot: base decimals": [
  "The base token has 8 to 18 decimals.",
  "Name the wrapped asset that the pool trades."
 ],
 "spot: before expiry": [
  "The round is older than the expiry.",
  "Pass the first round at or after the expiry."
 ],
 "spot: earlier phase not silent": [
  "The phase before this one has a round after the one that was named as its last.",
  "Name its last round, or settle with its first at or after the expiry."
 ],
 "spot: earlier phase unproved": [
  "Nothing shows that the phase before this one has no round to settle with.",
  "Name that phase's last round."
 ],
 "spot: feed decimals": [
  "A feed has at most 18 decimals.",
  "Change the argument in the deployment file and plan again."
 ],
 "spot: fill not exact": [
  "The pool does not hold enough liquidity to fill the order.",
  "Trade smaller, or hedge on another venue."
 ],
 "spot: finer than the token": [
  "The order is finer than the base token counts.",
  "Orders are multiples of the venue's `grain`."
 ],
 "spot: future timestamp": [
  "The feed's latest round lies in the future.",
  "Wait, and try again."
 ],
 "spot: gap too wide": [
  "Over eight rounds before this one do not count, so nothing shows that it is the first.",
  "Wait three days: then the second feed or the owner's price may settle."
 ],
 "spot: grace period": [
  "The L2's sequencer came back only just now.",
  "Wait for the end of the grace period."
 ],
 "spot: incomplete round": [
  "The feed's latest round is not complete.",
  "Wait, and try again."
 ],
 "spot: index out of bounds": [
  "No feed is left, and the venue's index lies outside the bounds of this deployment.",
  "Wait, and try again."
 ],
 "spot: last round not earlier": [
  "The phase before this one has a round at or after the expiry.",
  "Settle with that."
 ],
 "spot: last round number": [
  "No phase has so many rounds.",
  "Take the number from the feed."
 ],
 "spot: newer phase alive": [
  "A newer phase of the feed was alive at the expiry.",
  "Pass the first round of that phase at or after the expiry."
 ],
 "spot: no age": [
  "A greatest age of the feed is needed.",
  "Change the argument in the deployment file and plan again."
 ],
 "spot: no feed": [
  "A price feed is needed.",
  "Change the argument in the deployment file and plan again."
 ],
 "spot: no guardian": [
  "The Guardian's address is needed.",
  "Change the argument in the deployment file and plan again."
 ],
 "spot: no phase alive": [
  "Neither the round's phase nor the one before it had begun at the expiry.",
  "Pass the first round at or after the expiry of the phase that was alive then, if any was."
 ],
 "spot: no such last round": [
  "The round named as the last of the phase before is not there.",
  "Name that phase's last round."
 ],
 "spot: no such source": [
  "The round id names a source that this deployment has not.",
  "Use 0 for the feed, 1 for the second feed, 2 for the owner's price."
 ],
 "spot: no venue": [
  "The address of the hedge venue's adapter is needed.",
  "Change the argument in the deployment file and plan again."
 ],
 "spot: not positive": [
  "The feed answered with no price.",
  "Wait, and try again."
 ],
 "spot: not the first round": [
  "An earlier round at or after the expiry exists.",
  "Pass that one."
 ],
 "spot: not their pool": [
  "The pool trades other tokens than the two.",
  "Name the pool of the quote token and wrapped ether."
 ],
 "spot: one feed twice": [
  "The second feed is the first one.",
  "Change the argument in the deployment file and plan again."
 ],
 "spot: out of bounds": [
  "The feed's price lies outside the bounds of this deployment.",
  "Wait for its next round; if the price is right, the market needs a new deployment."
 ],
 "spot: price bounds": [
  "The lowest price lies above 0 and under the highest.",
  "Change the argument in the deployment file and plan again."
 ],
 "spot: proposal out of bounds": [
  "The owner's price lies outside the bounds of this deployment.",
  "The owner proposes another one."
 ],
 "spot: round does not count": [
  "The round is missing, incomplete, in the future or out of bounds.",
  "Pass the first round at or after the expiry that counts."
 ],
 "spot: sequencer down": [
  "The L2's sequencer is reported down.",
  "Wait until it is back and the grace period is over."
 ],
 "spot: sequencer unknown": [
  "The sequencer feed says nothing yet.",
  "Wait, and try again."
 ],
 "spot: source not open": [
  "The second feed settles from three days after the expiry, the owner's price after it.",
  "Settle with a round of the feed until then."
 ],
 "spot: stale": [
  "The price feed has not answered for longer than its heartbeat.",
  "Wait for its next round; settlement and redemption go on without it."
 ],
 "spot: too few observations": [
  "The pool remembers too few seconds of its past.",
  "Call increaseObservationCardinalityNext(1801) on it, and wait for its next trade."
 ],
 "spot: too little gas": [
  "The transaction carries too little gas to ask a feed.",
  "Send it with at least 250,000 more."
 ],
 "spot: too many phases": [
  "Over eight phases lie between this round and the latest.",
  "Wait three days: then the second feed or the owner's price may settle."
 ],
 "spot: unknown phase": [
  "The feed has no such phase.",
  "Take the round id from the feed."
 ],
 "surface: bad signature": [
  "A signature is no signature.",
  "Sign again."
 ],
 "surface: basis bounds": [
  "The forward basis is out of bounds.",
  "Check spot and forward."
 ],
 "surface: calls not convex": [
  "Call prices would not be convex in the strike: a butterfly arbitrage.",
  "Fit the slice again."
 ],
 "surface: calls not falling": [
  "Call prices would not fall with the strike: an arbitrage.",
  "Fit the slice again."
 ],
 "surface: curvature bounds": [
  "The smoothing s is out of bounds.",
  "Fit the slice again."
 ],
 "surface: expired": [
  "The slice's expiry is past.",
  "Post slices of expiries ahead only."
 ],
 "surface: first level": [
  "An expiry's first slice lies outside the level that first slices may have.",
  "Start nearer to a usual level."
 ],
 "surface: from the future": [
  "The slice is dated ahead of the chain.",
  "Check the clock."
 ],
 "surface: level bounds": [
  "The level a is out of bounds.",
  "Fit the slice again."
 ],
 "surface: malleable signature": [
  "A signature is not in its low form.",
  "Sign again."
 ],
 "surface: negative density": [
  "Between two strikes the slice implies a negative density: a butterfly that costs less than nothing.",
  "Fit the slice again, with flatter wings."
 ],
 "surface: no slice": [
  "An open expiry has no volatility slice.",
  "Post one for it: the keeper does, with its signers."
 ],
 "surface: not a signer": [
  "A signature is by an account without the signer's role.",
  "Check the signers' keys and the domain that was signed."
 ],
 "surface: not newer": [
  "The slice is not of a later moment than the last one that was signed for this expiry.",
  "Sign one of the market of now."
 ],
 "surface: one signature": [
  "One signature alone would be enough for a surface, and this is a chain that others use.",
  "Change the argument in the deployment file and plan again."
 ],
 "surface: over farther expiry": [
  "Total variance would rise above that of a farther expiry: a calendar arbitrage.",
  "Fit the slices together, or post the farther one first."
 ],
 "surface: signers not ascending": [
  "Signatures come in rising order of the signers' addresses, each once.",
  "Sort them."
 ],
 "surface: skew bounds": [
  "The skew rho is out of bounds.",
  "Fit the slice again."
 ],
 "surface: stickiness bounds": [
  "The stickiness is not in 0 to 2.",
  "Sign another one."
 ],
 "surface: threshold": [
  "The threshold of signatures is out of bounds.",
  "Change the argument in the deployment file and plan again."
 ],
 "surface: too few signatures": [
  "Fewer signers signed than the threshold asks for.",
  "Collect more signatures."
 ],
 "surface: too old": [
  "The slice is older than the terms allow.",
  "Sign a fresh one."
 ],
 "surface: too soon": [
  "The last slice of this expiry was posted inside the worse-of window.",
  "Wait for its end."
 ],
 "surface: under nearer expiry": [
  "Total variance would fall below that of a nearer expiry: a calendar arbitrage.",
  "Fit the slices together, or post the nearer one first."
 ],
 "surface: variance not positive": [
  "The variance is not positive.",
  "Fit the slice again."
 ],
 "surface: volatility bounds": [
  "A volatility on the grid is out of bounds.",
  "Fit the slice again."
 ],
 "surface: wings too steep": [
  "The wings are steeper than b (1 + |rho|) = 2.",
  "Fit it again."
 ],
 "terms: out of range": [
  "A parameter does not fit its field.",
  "This should never be seen: please report the transaction."
 ],
 "terms: too wild": [
  "The breaker widened past its bound, which it cannot.",
  "Report it: nothing was lost."
 ],
 "token: allowance": [
  "The owner allowed less.",
  "Ask him to approve more."
 ],
 "token: balance": [
  "The account holds fewer options of this series.",
  "See balanceOf."
 ],
 "token: cannot redeem": [
  "Options cannot be sent to the Vault, the Market or the token: nobody could redeem them.",
  "Pass another receiver; `tandem close` sells them back."
 ],
 "token: no asset": [
  "What the options are on is needed.",
  "Change the argument in the deployment file and plan again."
 ],
 "token: no market": [
  "The Market's address is needed.",
  "Change the argument in the deployment file and plan again."
 ],
 "token: only market": [
  "Only the Market creates and destroys options.",
  "Use mint or close."
 ],
 "token: zero receiver": [
  "Options cannot be sent to nobody.",
  "Pass another receiver."
 ],
 "transfer reverted": [
  "A token would not be moved from the lender.",
  "Look at whether its issuer has stopped it."
 ],
 "transferFrom reverted": [
  "A token would not be moved to the lender.",
  "Look at whether its issuer has stopped it."
 ],
 "vault: asynchronous": [
  "Exits are priced when they are processed (ERC-7540).",
  "Use convertToAssets for an estimate."
 ],
 "vault: bankrupt venue": [
  "The hedge account is under water, so no fair price for a deposit is known.",
  "Wait until it is liquidated or refilled."
 ],
 "vault: cash": [
  "The Vault's cash would not cover LPs who left.",
  "This should never be seen: please report the transaction."
 ],
 "vault: controller not owner": [
  "The shares' owner himself is the controller of a request.",
  "Pass the owner twice."
 ],
 "vault: delay bounds": [
  "The exit delay is at most seven days.",
  "Change the argument in the deployment file and plan again."
 ],
 "vault: delay over timelock": [
  "The exit delay is a day shorter than the timelock at least: LPs leave before a change applies.",
  "Change the argument in the deployment file and plan again."
 ],
 "vault: exit too small": [
  "An exit is worth at least 1 USDC, or is everything.",
  "Ask for more shares, or for all of yours."
 ],
 "vault: high over account": [
  "NAV is a quarter and more over cash and what was sent to venues: nobody pays for what they say.",
  "A keeper brings the hedge home and sweeps; where a venue lies: `tandem govern take-down`."
 ],
 "vault: low over account": [
  "NAV is a quarter and more over cash and what was sent to venues: nobody leaves at what they say.",
  "A keeper brings the hedge home and sweeps; where a venue lies: `tandem govern take-down`."
 ],
 "vault: no value left": [
  "Shares are outstanding and worth nothing.",
  "Wait: a deposit now would be theirs."
 ],
 "vault: not calm": [
  "Exits wait: the hedge is behind, or the venue counts or trades otherwise than the oracle.",
  "Rebalance, or wait: the keeper does; after `exit_wait`, or an hour behind an outage, exits go on."
 ],
 "vault: not the controller": [
  "Only the controller or his operator claims.",
  "Send it from that account, or be made its operator."
 ],
 "vault: nothing to claim": [
  "Nothing of it was processed yet.",
  "See maxRedeem."
 ],
 "vault: nothing to enter": [
  "A deposit of nothing was refused.",
  "Deposit more."
 ],
 "vault: only market": [
  "Only the Market collects and pays.",
  "Go through the Market."
 ],
 "vault: only router": [
  "Only the router borrows margin.",
  "Go through the router."
 ],
 "vault: over cash": [
  "More would be paid than there is.",
  "This should never be seen: please report the transaction."
 ],
 "vault: paused": [
  "Deposits are stopped, by a guardian or by the breaker: `tandem status` says which, and why.",
  "Wait; exits go on as ever."
 ],
 "vault: recipient": [
  "The Vault pays neither itself nor nobody.",
  "Pass another recipient."
 ],
 "vault: shares under min": [
  "The deposit buys fewer shares than its bound.",
  "Look at the price again (`--dry-run`); pass a lower `--min-shares` to pay it."
 ],
 "vault: short transfer": [
  "The token did not arrive in full.",
  "Check the token: one that takes a fee cannot be used."
 ],
 "vault: token decimals": [
  "The quote token has at most 18 decimals.",
  "Change the argument in the deployment file and plan again."
 ],
 "vault: too large": [
  "More cash than the Vault can count.",
  "This should never be seen: please report the transaction."
 ],
 "venue: not our order": [
  "No order of ours is with the pool.",
  "Nothing is to be done."
 ],
 "venues: account unknown": [
  "A venue does not say what its account is worth, or says what cannot be.",
  "`tandem venues` shows which: a guardian takes it down (`tandem govern take-down`)."
 ],
 "venues: all down": [
  "Guardians took every venue down, or none that is up says a price.",
  "Wait until the owner brings one back."
 ],
 "venues: fewer than two": [
  "A set has two to four venues.",
  "Change the argument in the deployment file and plan again."
 ],
 "venues: grew by more": [
  "The venue's position grew by more than was proposed, or is of the other sign.",
  "See `tandem venues`: the owner proposes what it grew by (`tandem govern propose-growth`)."
 ],
 "venues: growth taken up": [
  "The venue is believed as far as was proposed.",
  "Nothing is left to do; if `tandem venues` still shows two figures, the owner proposes again."
 ],
 "venues: guardian's count": [
  "The guardian was told of another number of venues.",
  "Change the argument in the deployment file and plan again."
 ],
 "venues: leg not exact": [
  "A venue reports another position than its order leaves, or than its account says.",
  "Report it: the venue does not do what it says. A guardian may take it down."
 ],
 "venues: leg past the band": [
  "A venue filled its part at a price outside the band around the oracle.",
  "Try again later; where it stays so a guardian may take that venue down."
 ],
 "venues: not ours": [
  "A venue's adapter answers to another than this set.",
  "Change the argument in the deployment file and plan again."
 ],
 "venues: not the router": [
  "Orders and margin come from the router alone.",
  "This should never be seen: please report the transaction."
 ],
 "venues: nothing fits": [
  "The venues together do not fill the whole order inside its bound, or margin does not bear it.",
  "Trade smaller, top up (`tandem top-up`), or wait until their markets are back at the index."
 ],
 "venues: one pool twice": [
  "Two venues that trade in one pool are one.",
  "Change the argument in the deployment file and plan again."
 ],
 "venues: position unknown": [
  "The venue does not say what it holds, or says what cannot be.",
  "Name another venue; see `tandem venues`, and tell the guardian."
 ],
 "venues: too little gas": [
  "A venue is asked with up to 2.1 million gas, and there is less.",
  "Send more gas: what is not used comes back."
 ],
 "venues: under minimum": [
  "A venue's account would keep less than its least equity for the hedge that it holds.",
  "Top up the venue accounts (`tandem top-up`), or trade smaller."
 ],
 "venues: unknown venue": [
  "The venue is none of the set's.",
  "This should never be seen: please report the transaction."
 ],
 "venues: venue is down": [
  "A guardian took the venue down: it says nothing.",
  "The owner brings it back (`tandem govern bring-back`)."
 ]
} as Record<string, [string, string]>;
