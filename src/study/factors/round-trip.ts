/**
 * Milliseconds by which a round trip may differ from the one that `roundTripMs` asks for: 10 % of
 * it and a millisecond, within which timers fire.
 */
export const roundTripToleranceMs = (roundTripMs: number): number => 0.1 * roundTripMs + 1
