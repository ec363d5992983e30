// Generated from the sources by `make generate`: do not edit.
export const KIND = "tandem risk view" as const;
export const VERSION = 1 as const;
export const DOMAIN = "Tandem RiskView" as const;
export const LARGEST = 65536 as const;
export const MOST = 16 as const;
export const SIGNED = [["block", "uint256"], ["block_hash", "bytes32"], ["timestamp", "uint256"], ["book_hash", "bytes32"], ["expiries", "uint256[]"], ["surface", "uint256[]"], ["spot", "uint256"], ["floor", "int256"], ["residual", "int256"], ["position", "int256"], ["marked_at", "uint256"], ["losses", "int256[]"], ["nav", "uint256"]] as const;
export const MAX_LOW_S = 57896044618658097711785492504343953926418782139537452191302581570759080747168n;
