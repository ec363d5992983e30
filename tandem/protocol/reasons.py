"""What Tandem's own revert reasons mean, each with a next step. A test holds the list complete.

Longer than a file should be: it is one table, looked up by key and read by nobody from end to end.
"""

from __future__ import annotations

LATER = "Wait, and try again."
DEPLOYER = "Change the argument in the deployment file and plan again."
HOME_FIRST = (
    "A keeper brings the hedge home and sweeps; where a venue lies: `tandem govern take-down`."
)
BUG = "This should never be seen: please report the transaction."
TERMS = "`tandem terms` prints them, with their bounds and who may change them."

# reason: what happened, what to do about it
REASONS: dict[str, tuple[str, str]] = {
    # ---- the trade
    "market: paused": (
        "Opens are stopped, by a guardian or by the breaker: `tandem status` says which, and why.",
        "Wait; closing, settling and redeeming go on as ever.",
    ),
    "market: venue down": (
        "A guardian took the hedge venue down: nothing can be hedged there.",
        "Wait until it is back; closes that need no order, settling and redeeming go on.",
    ),
    "lens: venue down": (
        "The hedge venue is down, and nobody knows what the margin there is worth.",
        "LPs leave from three days after on, without their part of it; deposits wait.",
    ),
    "margin: venue down": (
        "The hedge venue is down: no margin is sent there, and none is counted on.",
        "Wait until the owner brings it back.",
    ),
    "margin: venue is not up": (
        "The venue is none of this deployment's, or a guardian took it down.",
        "Name one that is up (`VenueSet.venues_up`), or none: then the first that is due.",
    ),
    "margin: unknown venue": (
        "The venue is none of this deployment's.",
        "Name none: there is one.",
    ),
    "guardian: unknown venue": (
        "No venue has that place: of several they count from 0, and the only one has none.",
        "`tandem govern take-down` finds the place of a venue by its name.",
    ),
    "vault: low over account": (
        "NAV is a quarter and more over cash and what was sent to venues: nobody leaves at what they say.",
        HOME_FIRST,
    ),
    "vault: high over account": (
        "NAV is a quarter and more over cash and what was sent to venues: nobody pays for what they say.",
        HOME_FIRST,
    ),
    "venues: not the router": ("Orders and margin come from the router alone.", BUG),
    "venues: unknown venue": ("The venue is none of the set's.", BUG),
    "venues: under minimum": (
        "A venue's account would keep less than its least equity for the hedge that it holds.",
        "Top up the venue accounts (`tandem top-up`), or trade smaller.",
    ),
    "venues: position unknown": (
        "The venue does not say what it holds, or says what cannot be.",
        "Name another venue; see `tandem venues`, and tell the guardian.",
    ),
    "venues: grew by more": (
        "The venue's position grew by more than was proposed, or is of the other sign.",
        "See `tandem venues`: the owner proposes what it grew by (`tandem govern propose-growth`).",
    ),
    "venues: growth taken up": (
        "The venue is believed as far as was proposed.",
        "Nothing is left to do; if `tandem venues` still shows two figures, the owner proposes again.",
    ),
    "venues: venue is down": (
        "A guardian took the venue down: it says nothing.",
        "The owner brings it back (`tandem govern bring-back`).",
    ),
    "venues: account unknown": (
        "A venue does not say what its account is worth, or says what cannot be.",
        "`tandem venues` shows which: a guardian takes it down (`tandem govern take-down`).",
    ),
    "venues: too little gas": (
        "A venue is asked with up to 2.1 million gas, and there is less.",
        "Send more gas: what is not used comes back.",
    ),
    "venues: nothing fits": (
        "The venues together do not fill the whole order inside its bound, or margin does not bear it.",
        "Trade smaller, top up (`tandem top-up`), or wait until their markets are back at the index.",
    ),
    "venues: leg not exact": (
        "A venue reports another position than its order leaves, or than its account says.",
        "Report it: the venue does not do what it says. A guardian may take it down.",
    ),
    "venues: leg past the band": (
        "A venue filled its part at a price outside the band around the oracle.",
        "Try again later; where it stays so a guardian may take that venue down.",
    ),
    "venues: all down": (
        "Guardians took every venue down, or none that is up says a price.",
        "Wait until the owner brings one back.",
    ),
    "venues: fewer than two": ("A set has two to four venues.", DEPLOYER),
    "venues: not ours": ("A venue's adapter answers to another than this set.", DEPLOYER),
    "venues: guardian's count": ("The guardian was told of another number of venues.", DEPLOYER),
    "guardian: too many venues": ("There are at most four venues.", DEPLOYER),
    "venues: one pool twice": ("Two venues that trade in one pool are one.", DEPLOYER),
    "guardian: venue is down": ("The hedge venue is taken down already.", "Nothing is left to do."),
    "guardian: venue is up": ("The hedge venue is not taken down.", "Nothing is left to do."),
    "market: deadline passed": (
        "The transaction arrived after its deadline.",
        "Send it again with a later deadline.",
    ),
    "market: expired, redeem": (
        "The series has expired and cannot be closed any more.",
        "Redeem it once the expiry is settled; anybody may settle it.",
    ),
    "market: zero size": ("A trade of nothing was refused.", "Ask for more than 0 units."),
    "market: surface stale": (
        "The volatility surface is too old to trade on, or to value the book on.",
        (
            "Wait for a keeper's next post. `exit_wait` after the last one a close pays what is in the money "
            "and exits are paid by it; opens and deposits wait on."
        ),
    ),
    "market: premium over max": (
        "Premium, fee, capital charge and hedge cost come to more than the most that you pay.",
        "Quote again; raise it (`--most`, max_premium) only if the new price suits you.",
    ),
    "market: payout under min": (
        "The close would pay less than the least that you take.",
        "Quote again; lower it (`--least`, min_payout) only if the new price suits you.",
    ),
    "market: order over bid": (
        "The close's hedge costs far more to unwind than the option is worth: LPs would pay for it.",
        "Sell less, wait until the pool is nearer to the oracle, or hold it to its expiry.",
    ),
    "market: not settled": (
        "The expiry has no settlement price yet.",
        "Settle it first: anybody may, with the first round behind the expiry, or the owner's price.",
    ),
    "market: not the owner": (
        "Only the holder or his operator redeems in the first seven days, and for a contract always.",
        "Wait for the eighth day, and pay the holder himself; a contract has to ask, or its operator.",
    ),
    "market: not expired": ("The expiry is still ahead.", "Settle it after 08:00 UTC of its day."),
    "market: not a lister": (
        "Only accounts with the lister's role list expiries and strikes.",
        "Ask the Guardian's owner for the role, or use another account.",
    ),
    "market: bad expiry": (
        "An expiry is a moment ahead, at 08:00 UTC.",
        "Choose the next day at 08:00 UTC or a later one.",
    ),
    "market: too far ahead": ("Expiries lie at most 90 days ahead.", "List it nearer the day."),
    "market: imputed cost": ("The imputed hedge cost is at most 5 %.", DEPLOYER),
    "series: unknown": (
        "The id names no series: a call needs a cap above its strike, a put's floor lies below it.",
        "Write the series as ETH-27MAR26-3000-6000-C or ETH-27MAR26-3000-P.",
    ),
    "limits: expired": ("The series has expired.", "Choose an expiry that is ahead."),
    "limits: tenor": (
        "Only expiries from 7 to 45 days ahead are opened.",
        "Choose another expiry; `tandem status` lists them.",
    ),
    "limits: moneyness": (
        "Strikes from 0.6 to 1.6 times spot are opened.",
        "Choose a strike nearer to spot.",
    ),
    "limits: cap too far": (
        "The call's cap lies further from its strike than the terms allow.",
        "Choose a nearer cap, twice the strike or less by default.",
    ),
    "limits: delta": (
        "The option is too far from the money, or too far in it, to be sold.",
        "Choose a strike nearer to spot.",
    ),
    "limits: size over cap": (
        "One trade may only be so large a share of the Vault.",
        "Trade smaller, or in several trades.",
    ),
    "limits: over outstanding": (
        "More would be sold back than is outstanding at this expiry.",
        "Close at most what you hold.",
    ),
    "limits: size too small": (
        "The trade is smaller than a trade may be.",
        "Trade at least 0.01 of the asset.",
    ),
    "limits: book gamma": (
        "The book would carry more gamma than its cap.",
        "Trade smaller, or at a later expiry.",
    ),
    "limits: book vega": (
        "The book would carry more vega than its cap.",
        "Trade smaller, or at a nearer expiry.",
    ),
    "gate: stale": (
        "The book's mark for the jump gate is over an hour old, or of another spot or an expiry past.",
        "`tandem remark` marks it, for its gas alone; a keeper does so as a rule.",
    ),
    "gate: worst jump": (
        "The worst of eight instant jumps would cost LPs more than the gate lets opens leave.",
        "Trade smaller, or what the book has less of: `tandem risk` shows each jump's cost.",
    ),
    "gate: hour is full": (
        "Opens of this hour have added what they may (`hour`), or all that the venue can undo (`unwind`).",
        "Trade smaller, or later: `tandem risk` shows what is left, and it comes back within the hour.",
    ),
    "breaker: not the stress test": (
        "The breaker looks at what the stress test shows it, and at nothing else.",
        "Call `StressTest.remark`: `tandem remark` does.",
    ),
    "breaker: too little gas": (
        "The transaction carries too little gas for the breaker to ask what the Vault is worth.",
        "Send it with 10,000,000; what is not used is not paid.",
    ),
    "router: not the stress test": (
        "Only the stress test marks the book for the gate.",
        "Call `StressTest.remark`: `tandem remark` does.",
    ),
    "guardian: not the breaker": (
        "Only the breaker says how wild the market is.",
        "Guardians stop opens by `pause`.",
    ),
    "market: not the bounty": (
        "Rewards are paid for what the Bounty has seen brought home.",
        "Call `Bounty.rebalance`: anybody may.",
    ),
    "bounty: no ether price": ("The address that says what ether costs is needed.", DEPLOYER),
    "bounty: stamped already": (
        "Somebody has noted that the residual is past the trigger; the first note counts.",
        "Bring it home by `Bounty.rebalance`: what that is paid rises for ten minutes.",
    ),
    "bounty: under least": (
        "The rebalance would be paid less than was asked for, or somebody else has sent it.",
        "Ask for less, or later: `tandem status` shows what is due.",
    ),
    "terms: too wild": (
        "The breaker widened past its bound, which it cannot.",
        "Report it: nothing was lost.",
    ),
    # ---- the hedge
    "hedge: fill over band": (
        "The hedge would fill further above the oracle's price than the fill band allows.",
        "Wait until arbitrage has moved the venue's pool to the index.",
    ),
    "hedge: fill under band": (
        "The hedge would fill further below the oracle's price than the fill band allows.",
        "Wait until arbitrage has moved the venue's pool to the index.",
    ),
    "hedge: venue off oracle": (
        "All of this trade or a part needs no order, and the venue's price is a fill band off the oracle's.",
        "Wait until they agree; closing goes on, at the venue's price.",
    ),
    "router: nothing fits": (
        "Neither the venue's margin nor its pool, inside the fill band, carries any of this order.",
        "Top up its account (`tandem top-up`), or wait until arbitrage has moved the pool to the index.",
    ),
    "router: come again": (
        "This minute's chunk of the residual is spent, or somebody has just moved the pool.",
        "Send it again a minute later; the keeper does.",
    ),
    "router: off the average": (
        "The pool's price lies too far on the worse side of its own three-minute average.",
        "Send it again: it fills near the average, or ten minutes after the wait began.",
    ),
    "hedge: settle first": (
        "An expiry is past and waits for its price: nothing enlarges the hedge until then.",
        "Settle the expiry: `tandem status` names it, the keeper sends it.",
    ),
    "hedge: inside trigger": (
        "The residual is too small to be worth a rebalance, or too small to be brought so far.",
        "Wait: `tandem status` shows both. To bring a part, aim at what makes a whole band with it.",
    ),
    "hedge: residual over band": (
        "The trade would leave more delta unhedged than the hard band allows.",
        "Rebalance first, or trade smaller.",
    ),
    "hedge: bad target": (
        "A rebalance aims at 0 or at a residual of the same sign nearer to it.",
        "Pass 0, or a smaller target.",
    ),
    "hedge: not exact": (
        "The venue's position did not change by exactly the order.",
        "Stop trading on this venue and look at it.",
    ),
    "hedge: not reduced": (
        "The rebalance would not have brought the residual down.",
        "Read the state again: somebody else may have hedged already.",
    ),
    # ---- the floor
    "floor: nothing fits": (
        "The Vault's floor, or the venue's margin, leave no room for even the smallest part you accept.",
        "Ask for less, lower min_units, wait for a top-up, or hold to expiry: the payoff is covered.",
    ),
    "floor: under reserve": (
        "The Vault has no capital to spare for another open.",
        "Wait for deposits or closes, or trade smaller.",
    ),
    "floor: negative": (
        "The trade would leave less cash than option holders could claim.",
        "Close less at once, or hold to expiry: the payoff is covered in full.",
    ),
    # ---- the book
    "book: expiry not listed": (
        "The market does not list this expiry.",
        "Choose one that `tandem status` shows.",
    ),
    "book: expiry delisted": (
        "Nothing opens in this expiry any more; what is open there can be closed.",
        "Choose another one: `tandem chain` says which open.",
    ),
    "book: nothing to delist": (
        "This expiry has no strikes listed.",
        "Name one that `tandem status` shows.",
    ),
    "book: strike not listed": (
        "The strike, or the cap or floor, is not on this expiry's ladder.",
        "Choose strikes that `tandem status` shows, or ask a lister for them.",
    ),
    "book: no free node": (
        "This expiry has its sixteen strikes already.",
        "Use one of them, or another expiry.",
    ),
    "book: no free slot": (
        "Eight expiries are listed already.",
        "Wait until one of them is settled.",
    ),
    "book: strike range": (
        "A strike is a whole number of USD from 1 to 16,777,215.",
        "List another strike.",
    ),
    "book: too large": (
        "The expiry would hold more of something than its words can.",
        "Trade smaller, or at another strike.",
    ),
    "book: header range": ("An expiry's header does not fit its word.", BUG),
    "book: claims too large": ("More would be set aside than the book can count.", BUG),
    "book: paid over claims": ("More would be paid than was set aside.", BUG),
    # ---- the mathematics
    "risk: band terms": ("The band's cost or risk aversion is out of range.", TERMS),
    "risk: cap or floor": (
        "A call's cap lies above its strike, a put's floor below it.",
        "Swap or change the two strikes.",
    ),
    "risk: forward range": (
        "Forward and strike lie between 0 and 7.9e10 USD.",
        "Check the units: prices are WAD.",
    ),
    "risk: half spread": ("The half-spread is over 10,000 %.", "Pass it as WAD: 0.01 is 1e16."),
    "risk: open slope": ("The payoff would grow without bound.", BUG),
    "risk: price range": (
        "A settlement price lies under 7.9e10 USD.",
        "Check the units: prices are WAD.",
    ),
    "risk: spot range": (
        "Spot lies between 0.01 and 7.9e10 USD.",
        "Check the units: prices are WAD.",
    ),
    "risk: strike range": (
        "A strike is a whole number of USD from 1 to 16,777,215.",
        "Choose another strike.",
    ),
    # ---- views
    "lens: settle first": (
        "An expiry is past and has no price, so the Vault cannot be valued.",
        "Settle it: anybody may, with the first round at or after the expiry.",
    ),
    # ---- spot and settlement
    "spot: stale": (
        "The price feed has not answered for longer than its heartbeat.",
        "Wait for its next round; settlement and redemption go on without it.",
    ),
    "spot: sequencer down": (
        "The L2's sequencer is reported down.",
        "Wait until it is back and the grace period is over.",
    ),
    "spot: sequencer unknown": ("The sequencer feed says nothing yet.", LATER),
    "spot: grace period": (
        "The L2's sequencer came back only just now.",
        "Wait for the end of the grace period.",
    ),
    "spot: incomplete round": ("The feed's latest round is not complete.", LATER),
    "spot: future timestamp": ("The feed's latest round lies in the future.", LATER),
    "spot: not positive": ("The feed answered with no price.", LATER),
    "spot: out of bounds": (
        "The feed's price lies outside the bounds of this deployment.",
        "Wait for its next round; if the price is right, the market needs a new deployment.",
    ),
    "spot: before expiry": (
        "The round is older than the expiry.",
        "Pass the first round at or after the expiry.",
    ),
    "spot: not the first round": (
        "An earlier round at or after the expiry exists.",
        "Pass that one.",
    ),
    "spot: round does not count": (
        "The round is missing, incomplete, in the future or out of bounds.",
        "Pass the first round at or after the expiry that counts.",
    ),
    "spot: gap too wide": (
        "Over eight rounds before this one do not count, so nothing shows that it is the first.",
        "Wait three days: then the second feed or the owner's price may settle.",
    ),
    "spot: newer phase alive": (
        "A newer phase of the feed was alive at the expiry.",
        "Pass the first round of that phase at or after the expiry.",
    ),
    "spot: unknown phase": ("The feed has no such phase.", "Take the round id from the feed."),
    "spot: too many phases": (
        "Over eight phases lie between this round and the latest.",
        "Wait three days: then the second feed or the owner's price may settle.",
    ),
    "spot: no phase alive": (
        "Neither the round's phase nor the one before it had begun at the expiry.",
        "Pass the first round at or after the expiry of the phase that was alive then, if any was.",
    ),
    "spot: no such last round": (
        "The round named as the last of the phase before is not there.",
        "Name that phase's last round.",
    ),
    "spot: too little gas": (
        "The transaction carries too little gas to ask a feed.",
        "Send it with at least 250,000 more.",
    ),
    "spot: no venue": ("The address of the hedge venue's adapter is needed.", DEPLOYER),
    "spot: index out of bounds": (
        "No feed is left, and the venue's index lies outside the bounds of this deployment.",
        LATER,
    ),
    "spot: earlier phase not silent": (
        "The phase before this one has a round after the one that was named as its last.",
        "Name its last round, or settle with its first at or after the expiry.",
    ),
    "spot: earlier phase unproved": (
        "Nothing shows that the phase before this one has no round to settle with.",
        "Name that phase's last round.",
    ),
    "spot: last round not earlier": (
        "The phase before this one has a round at or after the expiry.",
        "Settle with that.",
    ),
    "spot: last round number": ("No phase has so many rounds.", "Take the number from the feed."),
    "spot: source not open": (
        "The second feed settles from three days after the expiry, the owner's price after it.",
        "Settle with a round of the feed until then.",
    ),
    "spot: no such source": (
        "The round id names a source that this deployment has not.",
        "Use 0 for the feed, 1 for the second feed, 2 for the owner's price.",
    ),
    "spot: proposal out of bounds": (
        "The owner's price lies outside the bounds of this deployment.",
        "The owner proposes another one.",
    ),
    "spot: feed decimals": ("A feed has at most 18 decimals.", DEPLOYER),
    "ether: no age": ("A greatest age of ether's feed is needed.", DEPLOYER),
    "ether: no feed": ("A price feed of ether is needed.", DEPLOYER),
    "spot: no age": ("A greatest age of the feed is needed.", DEPLOYER),
    "spot: no feed": ("A price feed is needed.", DEPLOYER),
    "spot: no guardian": ("The Guardian's address is needed.", DEPLOYER),
    "spot: one feed twice": ("The second feed is the first one.", DEPLOYER),
    "spot: price bounds": ("The lowest price lies above 0 and under the highest.", DEPLOYER),
    # ---- the surface
    "surface: no slice": (
        "An open expiry has no volatility slice.",
        "Post one for it: the keeper does, with its signers.",
    ),
    "surface: expired": ("The slice's expiry is past.", "Post slices of expiries ahead only."),
    "surface: from the future": ("The slice is dated ahead of the chain.", "Check the clock."),
    "surface: too old": ("The slice is older than the terms allow.", "Sign a fresh one."),
    "surface: not newer": (
        "The slice is not of a later moment than the last one that was signed for this expiry.",
        "Sign one of the market of now.",
    ),
    "surface: too soon": (
        "The last slice of this expiry was posted inside the worse-of window.",
        "Wait for its end.",
    ),
    "surface: too few signatures": (
        "Fewer signers signed than the threshold asks for.",
        "Collect more signatures.",
    ),
    "surface: not a signer": (
        "A signature is by an account without the signer's role.",
        "Check the signers' keys and the domain that was signed.",
    ),
    "surface: bad signature": ("A signature is no signature.", "Sign again."),
    "surface: malleable signature": ("A signature is not in its low form.", "Sign again."),
    "surface: signers not ascending": (
        "Signatures come in rising order of the signers' addresses, each once.",
        "Sort them.",
    ),
    "surface: first level": (
        "An expiry's first slice lies outside the level that first slices may have.",
        "Start nearer to a usual level.",
    ),
    "surface: calls not falling": (
        "Call prices would not fall with the strike: an arbitrage.",
        "Fit the slice again.",
    ),
    "surface: calls not convex": (
        "Call prices would not be convex in the strike: a butterfly arbitrage.",
        "Fit the slice again.",
    ),
    "surface: negative density": (
        "Between two strikes the slice implies a negative density: a butterfly that costs less than nothing.",
        "Fit the slice again, with flatter wings.",
    ),
    "surface: under nearer expiry": (
        "Total variance would fall below that of a nearer expiry: a calendar arbitrage.",
        "Fit the slices together, or post the nearer one first.",
    ),
    "surface: over farther expiry": (
        "Total variance would rise above that of a farther expiry: a calendar arbitrage.",
        "Fit the slices together, or post the farther one first.",
    ),
    "surface: variance not positive": ("The variance is not positive.", "Fit the slice again."),
    "surface: wings too steep": ("The wings are steeper than b (1 + |rho|) = 2.", "Fit it again."),
    "surface: level bounds": ("The level a is out of bounds.", "Fit the slice again."),
    "surface: skew bounds": ("The skew rho is out of bounds.", "Fit the slice again."),
    "surface: curvature bounds": ("The smoothing s is out of bounds.", "Fit the slice again."),
    "surface: volatility bounds": (
        "A volatility on the grid is out of bounds.",
        "Fit the slice again.",
    ),
    "surface: basis bounds": ("The forward basis is out of bounds.", "Check spot and forward."),
    "surface: stickiness bounds": ("The stickiness is not in 0 to 2.", "Sign another one."),
    "surface: one signature": (
        "One signature alone would be enough for a surface, and this is a chain that others use.",
        DEPLOYER,
    ),
    "surface: threshold": ("The threshold of signatures is out of bounds.", DEPLOYER),
    # ---- shares and exits
    "vault: paused": (
        "Deposits are stopped, by a guardian or by the breaker: `tandem status` says which, and why.",
        "Wait; exits go on as ever.",
    ),
    "vault: bankrupt venue": (
        "The hedge account is under water, so no fair price for a deposit is known.",
        "Wait until it is liquidated or refilled.",
    ),
    "lens: venue off oracle": (
        "The hedge venue's price is so far from the oracle's that it would make a deposit dear.",
        "Come again in some minutes: one of the two is about to move.",
    ),
    "vault: no value left": (
        "Shares are outstanding and worth nothing.",
        "Wait: a deposit now would be theirs.",
    ),
    "vault: nothing to enter": ("A deposit of nothing was refused.", "Deposit more."),
    "vault: nothing to claim": ("Nothing of it was processed yet.", "See maxRedeem."),
    "vault: exit too small": (
        "An exit is worth at least 1 USDC, or is everything.",
        "Ask for more shares, or for all of yours.",
    ),
    "vault: controller not owner": (
        "The shares' owner himself is the controller of a request.",
        "Pass the owner twice.",
    ),
    "vault: not the controller": (
        "Only the controller or his operator claims.",
        "Send it from that account, or be made its operator.",
    ),
    "vault: asynchronous": (
        "Exits are priced when they are processed (ERC-7540).",
        "Use convertToAssets for an estimate.",
    ),
    "vault: not calm": (
        "Exits wait: the hedge is behind, or the venue counts or trades otherwise than the oracle.",
        "Rebalance, or wait: the keeper does; after `exit_wait`, or an hour behind an outage, exits go on.",
    ),
    "vault: shares under min": (
        "The deposit buys fewer shares than its bound.",
        "Look at the price again (`--dry-run`); pass a lower `--min-shares` to pay it.",
    ),
    "vault: recipient": ("The Vault pays neither itself nor nobody.", "Pass another recipient."),
    "vault: short transfer": (
        "The token did not arrive in full.",
        "Check the token: one that takes a fee cannot be used.",
    ),
    "vault: only market": ("Only the Market collects and pays.", "Go through the Market."),
    "vault: only router": ("Only the router borrows margin.", "Go through the router."),
    "vault: cash": ("The Vault's cash would not cover LPs who left.", BUG),
    "vault: over cash": ("More would be paid than there is.", BUG),
    "vault: too large": ("More cash than the Vault can count.", BUG),
    "vault: delay bounds": ("The exit delay is at most seven days.", DEPLOYER),
    "vault: delay over timelock": (
        "The exit delay is a day shorter than the timelock at least: LPs leave before a change applies.",
        DEPLOYER,
    ),
    "vault: token decimals": ("The quote token has at most 18 decimals.", DEPLOYER),
    "exits: eight epochs open": (
        "One account waits in at most eight epochs at once, and the first of these was paid.",
        "Claim what was processed, then ask again.",
    ),
    "exits: assets over claim": ("More is asked for than may be claimed.", "See maxWithdraw."),
    "exits: shares over claim": ("More is asked for than may be claimed.", "See maxRedeem."),
    "exits: too large": ("More than the queue can count.", BUG),
    "shares: balance": ("The account holds fewer shares.", "See balanceOf."),
    "shares: allowance": ("The owner allowed less.", "Ask him to approve more."),
    "shares: receiver": ("Shares go neither to nobody nor to the Vault.", "Pass another receiver."),
    "shares: supply": ("More shares than the Vault can count.", "Deposit less."),
    "lending: cap bounds": (
        "The cap of losses is at most 100 % of NAV, its period a year, and not nothing.",
        DEPLOYER,
    ),
    # ---- margin
    "router: under minimum": (
        "The venue account would keep less than its least equity for the hedge of this open.",
        "Top up the venue account (`tandem top-up`), or trade smaller.",
    ),
    "margin: bankrupt account": (
        "The hedge account owes more than its hedge is worth keeping: what is sent there is gone.",
        "Wait until it is liquidated and its debt settled; then top up.",
    ),
    "margin: floor or budget": (
        "The floor leaves nothing to lend to the venue, or it lost more than margin may follow.",
        "Wait for deposits, closes or a settlement; what it lost is forgotten with time.",
    ),
    "margin: no delever due": (
        "The account has its least equity for the hedge that is there, or there is no hedge.",
        "Nothing is left to do.",
    ),
    "margin: top up instead": (
        "What the Vault may lend lifts the account over its least equity.",
        "Send `tandem top-up`; the keeper does.",
    ),
    "margin: not lowered": (
        "The venue reports a position that is no smaller after an order that lowers it.",
        "Report it: the venue does not do what it says.",
    ),
    "router: margin first": (
        "Margin, and what the Vault may lend, carry no larger hedge at the account's target.",
        "Top up where that is due (`tandem top-up`); else wait for deposits or closes.",
    ),
    "margin: nothing to move": (
        "The first venue holds no hedge, or both are one.",
        "Name one that holds a part of it, and another: `tandem venues` shows them.",
    ),
    "margin: moving costs more": (
        "Moving the hedge costs more than holding it elsewhere saves while it may be expected to stay.",
        "Leave it where it is, or move less of it: a smaller order costs less for each unit.",
    ),
    "margin: carry unknown": (
        "What holding costs there was not asked within the last hour, and an hour before that.",
        "Come again in an hour: the call that asks is the same.",
    ),
    "margin: target bears less": (
        "The account there would be under its least margin, or under its target with what may be lent.",
        "Top it up first (`tandem top-up`), or move less.",
    ),
    "router: nothing to net": (
        "The two markets take nothing of it now, inside the bands and the pace of what no trader brings.",
        "Come again in a minute.",
    ),
    "margin: no top-up due": (
        "Each account has its margin, or nobody knows at what price it would be judged.",
        "Nothing is left to do.",
    ),
    "margin: no sweep due": ("The account holds no more than it should.", "Nothing is left to do."),
    "margin: nothing is free": ("The venue lets nothing go now.", LATER),
    "router: spot off average": (
        "The oracle's price is further from the pool's average of three minutes than opens may be.",
        "Wait until the feed has spoken, or the pool is where the market is; closing goes on.",
    ),
    "router: deviation": (
        "An open's spot may lie off the pool's average by its whole at the most.",
        DEPLOYER,
    ),
    "router: not the desk": ("Only the margin desk moves margin.", "Go through MarginDesk."),
    "router: not the market": ("Only the Market orders hedges.", "Go through the Market."),
    "router: approve": ("The quote token refused an approval.", "Check the token."),
    # ---- option tokens
    "token: balance": ("The account holds fewer options of this series.", "See balanceOf."),
    "token: allowance": ("The owner allowed less.", "Ask him to approve more."),
    "token: zero receiver": ("Options cannot be sent to nobody.", "Pass another receiver."),
    "token: cannot redeem": (
        "Options cannot be sent to the Vault, the Market or the token: nobody could redeem them.",
        "Pass another receiver; `tandem close` sells them back.",
    ),
    "token: only market": ("Only the Market creates and destroys options.", "Use mint or close."),
    "token: no asset": ("What the options are on is needed.", DEPLOYER),
    "token: no market": ("The Market's address is needed.", DEPLOYER),
    # ---- governance
    "guardian: not the owner": ("Only the owner may do this.", "Send it from the owner's account."),
    "guardian: not a guardian": (
        "Only accounts with the guardian's role may do this.",
        "Send it from such an account.",
    ),
    "guardian: not paused": ("It is not paused.", "Nothing is left to do."),
    "guardian: out of bounds": (
        "The value lies outside the bounds of this parameter.",
        TERMS,
    ),
    "guardian: unknown field": ("There is no such parameter.", TERMS),
    "guardian: unknown flag": ("There is no such flag.", TERMS),
    "guardian: unknown role": ("There is no such role.", "Use owner, guardian, lister or signer."),
    "guardian: nothing queued": ("No change of this waits.", "Queue it first."),
    "guardian: none to cancel": ("No change of this waits.", "Nothing is left to do."),
    "guardian: too early": ("Its delay is not over.", "Wait until the moment that was announced."),
    "guardian: held": (
        "A venue went down or came back, or slices are to be fresher, and LPs may not have left yet.",
        "`tandem terms` says until when; what lapses meanwhile is announced anew.",
    ),
    "guardian: lapsed": (
        "The change waited longer than two weeks after its delay.",
        "Queue it again.",
    ),
    "guardian: has the role": ("The account has this role.", "Nothing is left to do."),
    "guardian: lacks the role": ("The account has no such role.", "Nothing is left to do."),
    "guardian: role is full": ("No more accounts fit this role.", "Revoke one first."),
    "guardian: nobody": ("The zero address takes no role.", "Pass an account."),
    "guardian: offer to nobody": (
        "A role is offered to an account.",
        "Name it; `tandem govern withdraw-offer` takes an offer back.",
    ),
    "guardian: proposer left": (
        "The settlement price was proposed by a former owner.",
        "The owner proposes one himself.",
    ),
    "guardian: too many offers": (
        "Sixteen accounts have an offer of this role.",
        "Withdraw one of them first.",
    ),
    "guardian: no such offer": (
        "The role is not offered to this account.",
        "`tandem terms` shows every offer.",
    ),
    "guardian: not offered": ("The role was not offered.", "The owner offers it first."),
    "guardian: owner stays": (
        "The owner's role is handed over, never given up.",
        "Offer it to somebody else.",
    ),
    "guardian: delay bounds": ("The delay is from 1 to 30 days.", DEPLOYER),
    "guardian: not expired": (
        "A settlement price is proposed only after the expiry.",
        "Wait for it.",
    ),
    "guardian: nothing proposed": (
        "The owner proposed no settlement price for this expiry, or no growth for this venue.",
        "Settle with a round of a feed; an owner proposes a growth (`tandem govern propose-growth`).",
    ),
    "guardian: none to withdraw": ("Nothing is proposed.", "Nothing is left to do."),
    "terms: out of range": ("A parameter does not fit its field.", BUG),
}
