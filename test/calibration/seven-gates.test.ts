import { expect, it } from "vitest";
import { history, powerAt, sevenGates, verdictOf } from "./seven-gates.ts";

const histories = 10_000;
const rows = 1000;
/** Room so far that the six other gates hold in next to every history. */
const far = [0.2, 0.2, 0.5, 0.5, 0.3, 0.5, 0.2];
/** Upper 95 % limit of binomial(10000, 0.05): 536. */
const mostPasses = 536;

it.each(far.map((_, violated) => violated))(
  "seven gates pass a model that violates number %i in at most 5 of 100 histories",
  (violated) => {
    const gates = sevenGates(far.map((room, index) => (index === violated ? 0 : room)));
    let passes = 0;
    for (let seed = 1; seed <= histories; seed += 1) {
      passes += Number(verdictOf(history(rows, 104_729 * seed), gates) === "pass");
    }
    process.stdout.write(`${gates[violated]}: passes ${passes} of ${histories}\n`);
    expect(passes).toBeLessThanOrEqual(mostPasses);
    expect(passes).toBeGreaterThan(0);
  },
);

it("seven gates pass an equal model as often as --power says", () => {
  const gates = sevenGates([0.025, 0.03, 0.05, 0.07, 0.12, 0.09, 0.02]);
  let passes = 0;
  for (let seed = 1; seed <= histories; seed += 1) {
    passes += Number(verdictOf(history(rows, 15_485_863 + 104_729 * seed), gates) === "pass");
  }
  const power = powerAt(rows, gates);
  process.stdout.write(`an equal model passes ${passes} of ${histories}; --power says ${power.chance}\n`);
  for (const { gate, chance } of power.gates) process.stdout.write(`  ${chance.toFixed(3)} ${gate}\n`);
  expect(Math.abs(passes / histories - power.chance)).toBeLessThan(0.02);
});
