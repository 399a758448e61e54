import { acceleration, type BoundsAt, bcaFromReplicates, bcaMeanBounds } from "../stats/bootstrap.ts";
import { type PairedScores, rankModel } from "../stats/delong.ts";
import { gatherNumbers } from "../stats/gather.ts";
import { type Drawing, forEachDraw } from "../stats/resample.ts";
import { singleRowCells, tally } from "./ranking-cells.ts";

// Up to here every resample ranks all rows anew: 2000 resamples in some two seconds.
const rankedRows = 20_000;

/**
 * BCa bounds of the first ROC AUC less the second, rows drawn in pairs. Above 20,000 rows the difference is resampled as the mean of
 * what each row adds to it (DeLong's placements), in which products of two deviations are left out: of the order of one over the
 * rows of the smaller class, where the difference itself varies by one over their root.
 */
export function pairedRocAucBounds(scores: PairedScores, drawing: Drawing): BoundsAt {
  const [one, two] = [rankModel(scores.labels, scores.first), rankModel(scores.labels, scores.second)];
  const deviations = one.contributions.map((value, row) => value - two.contributions[row]);
  const difference = one.rocAuc - two.rocAuc;
  const rows = deviations.length;
  if (rows > rankedRows)
    return bcaMeanBounds(
      deviations.map((value) => difference + rows * value),
      drawing,
    );
  const replicates = new Float64Array(drawing.resamples);
  const [firstCells, secondCells] = [cellsOf(one), cellsOf(two)];
  forEachDraw(rows, drawing, (counts, at) => {
    replicates[at] =
      tally(firstCells, gatherNumbers(counts, one.order)).rocAuc -
      tally(secondCells, gatherNumbers(counts, two.order)).rocAuc;
  });
  return bcaFromReplicates({
    observed: difference,
    replicates: replicates.filter((value) => !Number.isNaN(value)),
    acceleration: acceleration(deviations.map((value) => -value)),
  });
}

function cellsOf({ rows: { scores, labels } }: ReturnType<typeof rankModel>) {
  return singleRowCells({ scores, labels, predicted: new Uint8Array(labels.length) });
}
