# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title feed_rounds
@license AGPL-3.0-only
@author Tandem contributors
@notice Rounds of Chainlink feeds, read so that no feed can stop its reader: one that reverts, has no
        code or answers with less than a round shows none, like one that answers zeros.
@dev The language has no try, and an interface's call goes down with a feed that reverts; then the
     absence of a round could not be shown, nor the failing of a feed be seen. So feeds are asked by
     `raw_call`. Two things make that safe. An answer is believed only with all of a round's words in
     it, which an address without code never gives. And a call gets a fixed amount of gas that must be
     there: nobody makes a feed look empty by sending too little.
"""


struct Source:
    feed: address
    scale: uint256  # from the feed's decimals to WAD


struct Round:
    id: uint256
    answer: int256  # in the feed's decimals
    price: uint256  # WAD; 0 if not positive
    started_at: uint256
    updated_at: uint256  # 0 if there is no such round
    answered_in: uint256


struct FeedWords:
    id: uint256
    answer: int256
    started_at: uint256
    updated_at: uint256
    answered_in: uint256


interface IFeed:
    def decimals() -> uint8: view


FEED_GAS: constant(uint256) = 200_000  # several times what a feed behind its proxy takes
GAS_LEFT: constant(uint256) = 210_000  # of which a call may pass on FEED_GAS (EIP-150)
WORDS: constant(uint256) = 160


@internal
@view
def _latest(source: Source) -> Round:
    """
    @notice A feed's latest round, empty where it shows none.
    """
    words: FeedWords = self._ask(source.feed, method_id("latestRoundData()"))
    return self._as_round(source, words, words.id)


@internal
@view
def _round(source: Source, round_id: uint256) -> Round:
    """
    @notice One round, under the id it was asked by, empty where the feed shows none.
    """
    words: FeedWords = self._ask(
        source.feed, abi_encode(round_id, method_id=method_id("getRoundData(uint80)"))
    )
    return self._as_round(source, words, round_id)


@internal
@view
def _scale(feed: address) -> uint256:
    """
    @notice What takes a feed's answers to WAD.
    """
    decimals: uint8 = staticcall IFeed(feed).decimals()
    assert decimals <= 18, "spot: feed decimals"
    return 10**convert(18 - decimals, uint256)


@internal
@view
def _ask(feed: address, question: Bytes[68]) -> FeedWords:
    """
    @dev The words of an answer; zeros for none.
    """
    assert msg.gas >= GAS_LEFT, "spot: too little gas"
    good: bool = False
    answer: Bytes[WORDS] = b""
    good, answer = raw_call(
        feed,
        question,
        max_outsize=WORDS,
        gas=FEED_GAS,
        is_static_call=True,
        revert_on_failure=False,
    )
    if not good or len(answer) != WORDS:
        return empty(FeedWords)
    return abi_decode(answer, FeedWords)


@internal
@pure
def _as_round(source: Source, words: FeedWords, id: uint256) -> Round:
    """
    @dev A round with its price.
    """
    return Round(
        id=id,
        answer=words.answer,
        price=self._price(words.answer, source.scale),
        started_at=words.started_at,
        updated_at=words.updated_at,
        answered_in=words.answered_in,
    )


@internal
@pure
def _price(answer: int256, scale: uint256) -> uint256:
    """
    @dev An answer in WAD; 0 if it is not positive, and the most there is if it would overflow.
    """
    if answer <= 0:
        return 0
    amount: uint256 = convert(answer, uint256)
    if amount > max_value(uint256) // scale:
        return max_value(uint256)
    return amount * scale
