import type { Bounds } from "../stats/bounds.ts";
import { type Design, scoreRows } from "../stats/design-effect.ts";
import { shareBounds } from "../stats/share-bounds.ts";
import { type ClassTotals, type Confusion, classTotals, sumOf } from "./confusion.ts";

/** As many classes are looked at: the others have more rows, and each look costs as much as the metric. */
const most = 10;

/**
 * One-sided bounds of a metric of a confusion matrix from the exact bounds of the recalls and shares of the rarest classes (of
 * two classes: of all there is to know): each is put at its bound alone, and the changes of the metric add up as independent
 * margins do (MOVER). With one positive row in 100 that was not found no row's deviation says that others will be.
 * Source: Zou & Donner (2008), Statistics in Medicine 27:1693, for a sum.
 */
export function rareClassBounds(
  metric: (confusion: Confusion) => number,
  confusion: Confusion,
  { design, alpha }: { design: Design; alpha: number },
): Bounds {
  const value = metric(confusion);
  const total = sumOf(confusion.weight);
  const allRows = total ** 2 / sumOf(confusion.squared);
  const bounds = (share: number, rows: number): Bounds =>
    shareBounds({ share, rows: scoreRows(rows, design, alpha) }, alpha);
  let [below, above] = [0, 0];
  const add = (changed: readonly Confusion[]): void => {
    const changes = changed.map((each) => metric(each) - value);
    below += Math.min(0, ...changes) ** 2;
    above += Math.max(0, ...changes) ** 2;
  };
  for (const { index, actual, both, actualRows, isLast } of rarest(confusion)) {
    const recall = bounds(both / actual, actualRows);
    add([withRecall(confusion, index, recall.lower), withRecall(confusion, index, recall.upper)]);
    // The share of the most frequent class is what the others leave.
    if (isLast) continue;
    const share = bounds(actual / total, allRows);
    add([withShare(confusion, index, share.lower), withShare(confusion, index, share.upper)]);
  }
  return { lower: Math.max(-1, value - Math.sqrt(below)), upper: Math.min(1, value + Math.sqrt(above)) };
}

function rarest(confusion: Confusion): (ClassTotals & { index: number; isLast: boolean })[] {
  return classTotals(confusion)
    .map((totals, index) => ({ ...totals, index }))
    .filter(({ actual }) => actual > 0)
    .toSorted((a, b) => a.actualRows - b.actualRows)
    .map((totals, at, { length }) => ({ ...totals, isLast: at === length - 1 }))
    .slice(0, most);
}

/** As many rows of a class, of which another share is found; where all were, the others are taken for the most frequent other class. */
function withRecall(confusion: Confusion, index: number, recall: number): Confusion {
  const { classes } = confusion;
  const totals = classTotals(confusion);
  const { actual, both } = totals[index];
  const missed = actual - both;
  const others = totals.map(({ predicted }, other) => (other === index ? -1 : predicted));
  const likeliest = others.indexOf(Math.max(...others));
  const weight = confusion.weight.slice();
  for (let other = 0; other < classes; other += 1) {
    const cell = index * classes + other;
    if (other === index) weight[cell] = recall * actual;
    else if (missed > 0) weight[cell] *= ((1 - recall) * actual) / missed;
    else weight[cell] = other === likeliest ? (1 - recall) * actual : 0;
  }
  return { ...confusion, weight };
}

/** Another share of the rows has this label; what is predicted for each label stays. */
function withShare(confusion: Confusion, index: number, share: number): Confusion {
  const { classes } = confusion;
  const total = sumOf(confusion.weight);
  const { actual } = classTotals(confusion)[index];
  if (actual === total) return confusion;
  const weight = confusion.weight.map((each, cell) =>
    Math.floor(cell / classes) === index
      ? (each * share * total) / actual
      : (each * (1 - share) * total) / (total - actual),
  );
  return { ...confusion, weight };
}
