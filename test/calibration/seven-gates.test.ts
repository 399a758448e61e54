import { expect, it } from "vitest";
import { expectOnPage } from "./page.ts";
import { history, measures, powerAt, sevenGates, verdictOf } from "./seven-gates.ts";

const histories = 10_000;
const rows = 1000;
/** Room so far that the six other gates hold in next to every history. */
const far = [0.2, 0.2, 0.5, 0.5, 0.3, 0.5, 0.2];
/** Upper 95 % limit of binomial(10000, 0.05). */
const mostPasses = 536;

function countPasses(gates: readonly string[], firstSeed: number): number {
  let passes = 0;
  for (let seed = 1; seed <= histories; seed += 1) {
    passes += Number(verdictOf(history(rows, firstSeed + 104_729 * seed), gates) === "pass");
  }
  return passes;
}

it("seven gates pass a model that violates one of them in at most 5 of 100 histories", () => {
  const passes = measures.map((_, violated) =>
    countPasses(sevenGates(far.map((room, index) => (index === violated ? 0 : room))), 0),
  );
  expectOnPage("seven gates", [
    "| the model violates the gate on | it passes all seven in |",
    "|---|---|",
    ...measures.map((measure, index) => `| \`${measure}\` | ${passes[index]} |`),
  ]);
  for (const [index, count] of passes.entries()) {
    expect(count, measures[index]).toBeLessThanOrEqual(mostPasses);
    expect(count, measures[index]).toBeGreaterThan(0);
  }
});

it("seven gates pass an equal model as often as --power says", () => {
  const rooms = [
    [0.025, 0.03, 0.05, 0.07, 0.12, 0.09, 0.02],
    [0.035, 0.04, 0.07, 0.09, 0.15, 0.1, 0.03],
  ];
  const shares = rooms.map((each) => {
    const gates = sevenGates(each);
    return { passes: countPasses(gates, 15_485_863) / histories, chance: powerAt(rows, gates).chance };
  });
  expectOnPage("power of seven gates", [
    "| gates | an equal model passes all seven in | `mlops gates --power` says |",
    "|---|---|---|",
    ...shares.map(
      ({ passes, chance }, index) =>
        `| ${index === 0 ? "narrow" : "wide"} | ${(100 * passes).toFixed(1)} % | ${(100 * chance).toFixed(1)} % |`,
    ),
  ]);
  // Estimates are taken for normal: two points of 100.
  for (const { passes, chance } of shares) expect(Math.abs(passes - chance)).toBeLessThan(0.02);
});
