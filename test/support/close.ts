import { expect } from "vitest";

/** Equal but for rounding: to 1e-9 of the expected value unless told otherwise, and to 1e-15 near 0. */
export function expectClose(actual: number, expected: number, what: string, relative = 1e-9): void {
  if (actual === expected) return;
  const allowed = Math.max(relative * Math.abs(expected), 1e-15);
  expect(Math.abs(actual - expected), `${what}: ${actual} for ${expected}`).toBeLessThanOrEqual(allowed);
}
