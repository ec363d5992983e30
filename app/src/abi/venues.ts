// Generated from the sources by `make generate`: do not edit.
export const ADAPTERS = {"aave": "AaveVenue", "curie": "CurieVenue", "morpho": "MorphoVenue", "morpho4": "MorphoV4Venue"} as const;
export const SEPARATOR = "+" as const;
export const SET = "VenueSet" as const;
