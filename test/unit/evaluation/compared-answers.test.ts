import { describe, expect, it } from "vitest";
import { comparedPredictions, type OtherAnswers } from "../../../src/evaluation/compared-answers.ts";
import type { Column } from "../../../src/stats/table.ts";
import {
  binaryPredictions,
  multiclassPredictions,
  regressionPredictions,
  textColumn,
} from "../../support/builders/predictions.ts";

const nothing: OtherAnswers = { path: "b.csv", label: null, predicted: null, score: null, probabilities: new Map() };

function numbers(name: string, values: readonly number[]): Column {
  return { kind: "number", name, values: Float64Array.from(values) };
}

describe("another model's answers with our labels", () => {
  const binary = binaryPredictions({ labels: [0, 1, 1], scores: [0.1, 0.9, 0.8] });

  it("of two classes are predicted by their scores where the file has no labels", () => {
    const found = comparedPredictions(binary, { ...nothing, score: numbers("score", [0.6, 0.2, 0.7]) });
    expect(found).toMatchObject({ classes: ["no", "yes"], labels: binary.labels, predicted: Uint8Array.of(1, 0, 1) });
  });

  it("of two classes may be labels alone, in another order of classes", () => {
    const found = comparedPredictions(binary, { ...nothing, predicted: textColumn("predicted", ["yes", "no", "yes"]) });
    expect(found).toMatchObject({ scores: null, predicted: Uint8Array.of(1, 0, 1) });
  });

  it("keep a score that the other model failed to give", () => {
    const found = comparedPredictions(binary, { ...nothing, score: numbers("score", [Number.NaN, 0.2, 0.7]) });
    expect(found).toMatchObject({ predicted: Uint8Array.of(0, 0, 1) });
  });

  const three = multiclassPredictions({ classes: ["a", "b", "c"], labels: [0, 1, 2], predicted: [0, 1, 1] });
  const predicted = textColumn("predicted", ["c", "b", "a"]);

  it("of several classes have their probabilities in our order of classes", () => {
    const probabilities = new Map([
      ["c", numbers("probability_c", [0.3, 0.6, 0.9])],
      ["a", numbers("probability_a", [0.1, 0.2, 0.05])],
      ["b", numbers("probability_b", [0.6, 0.2, 0.05])],
    ]);
    const found = comparedPredictions(three, { ...nothing, predicted, probabilities });
    expect(found).toMatchObject({
      predicted: Int32Array.of(2, 1, 0),
      probabilities: Float64Array.of(0.1, 0.6, 0.3, 0.2, 0.2, 0.6, 0.05, 0.05, 0.9),
    });
  });

  it.each<[string, Partial<OtherAnswers>, string]>([
    [
      "probabilities of a class that we do not have",
      { predicted, probabilities: new Map([["d", numbers("d", [1, 1, 1])]]) },
      '"d"',
    ],
    ["too few probabilities", { predicted, probabilities: new Map([["a", numbers("a", [1, 1, 1])]]) }, "probability_b"],
    ["no predicted class", {}, "predicted"],
  ])("of several classes are refused with %s", (_, other, message) => {
    expect(() => comparedPredictions(three, { ...nothing, ...other })).toThrow(message);
  });

  it("of a regression are its numbers", () => {
    const ours = regressionPredictions({ labels: [1, 2], predicted: [1, 3], weights: [1, 2] });
    const found = comparedPredictions(ours, { ...nothing, predicted: numbers("predicted", [2, 2]) });
    expect(found).toEqual({ ...ours, predicted: Float64Array.of(2, 2) });
    const texts = { ...nothing, predicted: textColumn("predicted", ["x", "y"]) };
    expect(() => comparedPredictions(ours, texts)).toThrow("holds text");
  });
});
