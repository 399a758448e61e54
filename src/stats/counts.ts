/** `hits` of `rows`: whole numbers, 0 ≤ hits ≤ rows, rows ≥ 1. */
export interface Proportion {
  hits: number;
  rows: number;
}

/** hits / rows. Throws a RangeError for what is no proportion. */
export function shareOf({ hits, rows }: Proportion): number {
  if (!(Number.isInteger(hits) && Number.isInteger(rows) && hits >= 0 && rows >= Math.max(1, hits))) {
    throw new RangeError(`${hits} of ${rows} is no proportion`);
  }
  return hits / rows;
}

/** Throws a RangeError unless all are whole numbers ≥ 0. */
export function requireCounts(counts: Iterable<number>): void {
  for (const count of counts) {
    if (!(Number.isInteger(count) && count >= 0)) throw new RangeError(`${count} is no count`);
  }
}
