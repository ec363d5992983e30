// Generated from the sources by `make generate`: do not edit.
export const ROLES = [
 "owner",
 "guardian",
 "lister",
 "signer"
] as const;
export const REASONS = ["the price jumped", "floor or budget cannot give the next top-up", "the venue lost what no price explains", "a share fell", "funding drained"] as const;
