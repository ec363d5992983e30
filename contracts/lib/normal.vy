# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title Normal distribution
@license AGPL-3.0-only
@author Tandem contributors
@notice One rational for the Mills ratio gives every normal probability:
        `N(-z) = exp(-z**2 / 2) * mills(z)` for z >= 0.
@dev Part of the audited kernel; constants come from tests/reference/mills_fit.py.
"""

MAX_Z: constant(int256) = 2**100 - 1  # just under 16.0: exp(-z**2 / 2) is 0 in Q96

# Degrees 6 over 7 with leading coefficient 1 below; |exp(-z**2/2) * (P/Q - R)| < 2.2e-17.
P6: constant(int256) = 7359321049250057903  # 2**64
P5: constant(int256) = 21063628965725912718114054583060095348  # 2**121
P4: constant(int256) = 27623990366059394364819875891546804969903232649959964672  # 2**178
P3: constant(
    int256
) = 21179966323690051491173971632001919528224814706956351262870092350046076928  # 2**235
P2: constant(int256) = 1645557285901225889348396167667684187  # 2**110
P1: constant(int256) = 468045212275273565025278381467483277155478870036318208  # 2**167
P0: constant(
    int256
) = 67141116676241977889440621574275557491936896977712952396461416978055168  # 2**224
Q6: constant(int256) = 2862331946304421489  # 2**57
Q5: constant(int256) = 3774123624674071578904735757517420099  # 2**114
Q4: constant(int256) = 2938092075929681146809259540309131687412843749087989760  # 2**171
Q3: constant(
    int256
) = 1446934024718513180803237122351267215846994931563233977752447094177660928  # 2**228
Q2: constant(int256) = 292407140458124752807846309801370710  # 2**105
Q1: constant(int256) = 52485483054357016849525901361198748319194097225129984  # 2**162
Q0: constant(
    int256
) = 4196319792265123427197788641169822996988022930472715374137501108142080  # 2**219


@internal
@pure
def mills(z: int256) -> int256:
    """
    @notice exp(z**2 / 2) * N(-z) in Q96, falling from 0.5.
    @dev Longer than a function should be: two polynomials, of which the formatter gives each step
         lines of its own.
    @param z Q96, at most MAX_Z.
    """
    # x in Q57, below 2**61. Values at x = 16 bound every step: top 2**247.4 then 2**248.4,
    # bottom 2**245.8 then 2**249; each half of a polynomial runs without a shift.
    x: int256 = z >> 39
    # top in Q224 over bottom in Q128
    return unsafe_div(
        unsafe_add(
            unsafe_mul(
                unsafe_add(
                    unsafe_mul(
                        unsafe_add(
                            unsafe_mul(
                                unsafe_add(
                                    unsafe_mul(
                                        unsafe_add(
                                            unsafe_mul(
                                                unsafe_add(unsafe_mul(P6, x), P5),
                                                x,
                                            ),
                                            P4,
                                        ),
                                        x,
                                    ),
                                    P3,
                                )
                                >> 182,
                                x,
                            ),
                            P2,
                        ),
                        x,
                    ),
                    P1,
                ),
                x,
            ),
            P0,
        ),
        unsafe_add(
            unsafe_mul(
                unsafe_add(
                    unsafe_mul(
                        unsafe_add(
                            unsafe_mul(
                                unsafe_add(
                                    unsafe_mul(
                                        unsafe_add(
                                            unsafe_mul(
                                                unsafe_add(
                                                    unsafe_mul(unsafe_add(x, Q6), x),
                                                    Q5,
                                                ),
                                                x,
                                            ),
                                            Q4,
                                        ),
                                        x,
                                    ),
                                    Q3,
                                )
                                >> 180,
                                x,
                            ),
                            Q2,
                        ),
                        x,
                    ),
                    Q1,
                ),
                x,
            ),
            Q0,
        )
        >> 91,
    )
