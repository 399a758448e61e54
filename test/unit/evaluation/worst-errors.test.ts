import { expect, it } from "vitest";
import { measureSubject } from "../../../src/evaluation/subject.ts";
import { worstErrors, writeWorstError } from "../../../src/evaluation/worst-errors.ts";
import {
  binaryPredictions,
  multiclassPredictions,
  randomBinary,
  regressionPredictions,
} from "../../support/builders/predictions.ts";

it("names the rows that cost the log loss most, worst first, equal ones in their order", () => {
  const predictions = binaryPredictions({ labels: [1, 0, 1, 0, 1], scores: [0.9, 0.8, 0.25, 0.8, 0.3] });
  expect(worstErrors(predictions, 3)).toEqual([
    { place: 1, label: "no", predicted: "yes", score: 0.8, loss: expect.closeTo(-Math.log(0.2), 12) },
    { place: 3, label: "no", predicted: "yes", score: 0.8, loss: expect.closeTo(-Math.log(0.2), 12) },
    { place: 2, label: "yes", predicted: "no", score: 0.25, loss: expect.closeTo(-Math.log(0.25), 12) },
  ]);
});

it("finds those of many rows, whose losses add up to the metric's", () => {
  const predictions = randomBinary({ count: 5000, seed: 4 });
  const all = worstErrors(predictions, 5000).map(({ loss }) => loss ?? Number.NaN);
  expect(all).toEqual([...all].sort((a, b) => b - a));
  const metric = measureSubject(predictions).all.metrics.get("log_loss")?.value;
  expect(all.reduce((sum, loss) => sum + loss, 0) / 5000).toBeCloseTo(metric ?? -1, 12);
  expect(worstErrors(predictions).map(({ loss }) => loss)).toEqual(all.slice(0, 10));
});

it("puts rows without a number first", () => {
  const scores = [0.1, Number.NaN, 0.2];
  const [first] = worstErrors(binaryPredictions({ labels: [1, 1, 1], scores }), 3);
  expect(first).toMatchObject({ place: 1, score: null, loss: null });
  const margins = binaryPredictions({ labels: [1, 1, 0], scores: [-4, Number.NaN, -3] });
  expect(worstErrors(margins, 1)).toEqual([{ place: 1, label: "yes", predicted: null, score: null, loss: null }]);
  const partly = { classes: ["a", "b"], labels: [-1, 1], predicted: [0, 1], probabilities: [0.5, 0.5, 1, Infinity] };
  expect(worstErrors(multiclassPredictions(partly), 1)).toMatchObject([{ place: 1, predicted: null, loss: null }]);
  const numbers = regressionPredictions({ labels: [1, 2], predicted: [0, Number.NaN] });
  expect(worstErrors(numbers, 2)).toEqual([
    { place: 1, label: 2, predicted: null, score: null, loss: null },
    { place: 0, label: 1, predicted: 0, score: null, loss: 1 },
  ]);
});

it("names wrong rows alone where there are labels alone, or scores that are no probabilities", () => {
  const labelled = binaryPredictions({ labels: [1, 0, 1], predicted: [1, 1, 0] });
  expect(worstErrors(labelled).map(({ place, loss }) => [place, loss])).toEqual([
    [1, 1],
    [2, 1],
  ]);
  const scored = { ...labelled, scores: Float64Array.of(7, 8, -3) };
  expect(worstErrors(scored)).toMatchObject([
    { place: 1, score: 8 },
    { place: 2, score: -3 },
  ]);
});

it("counts a class that the model does not know as one without a chance", () => {
  const probabilities = [0.2, 0.8, 0.1, 0.9, 0.5, 0.5];
  const rows = { classes: ["a", "b"], labels: [0, -1, 1], predicted: [1, 1, 0] };
  const [first, second] = worstErrors(multiclassPredictions({ ...rows, probabilities }));
  expect(first).toMatchObject({ place: 1, label: "(unknown)", predicted: "b", score: 0.9 });
  expect(first?.loss).toBeCloseTo(-Math.log(2 ** -52), 9);
  expect(second).toMatchObject({ place: 0, label: "a", predicted: "b", score: 0.8 });
  expect(worstErrors(multiclassPredictions(rows)).map(({ place }) => place)).toEqual([0, 1, 2]);
});

it("is written without label, prediction and score where the label is sensitive", () => {
  const [error] = worstErrors(binaryPredictions({ labels: [1], scores: [0.25] }));
  expect(writeWorstError(error, { row: 7, row_id: "ab" }, { hidden: true })).toEqual({
    row: 7,
    row_id: "ab",
    label: null,
    predicted: null,
    score: null,
    loss: error.loss,
  });
});
