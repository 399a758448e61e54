import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A repository as a user would have it: model.yml and data.csv, learnable, deterministic, every fifth age missing. */
export async function aProject(
  folder: string,
  changes: { rows?: number; spec?: string; gate?: string } = {},
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "data.csv"), customers(changes.rows ?? 4000));
  await writeFile(join(folder, "model.yml"), changes.spec ?? churnSpec(changes.gate ?? "roc_auc >= 0.65"));
}

/** CSV of customers who leave more often when young or on the monthly plan. */
export function customers(rows: number): string {
  const random = generator(7);
  const lines = ["customer,age,plan,visits,churn"];
  for (let row = 0; row < rows; row++) {
    const age = 18 + Math.floor(random() * 60);
    const plan = ["monthly", "yearly", "trial"][Math.floor(random() * 3)] ?? "trial";
    const visits = Math.floor(random() * 30);
    const score = 1.5 - 0.05 * age + (plan === "monthly" ? 1 : 0) - 0.05 * visits;
    const churn = random() < 1 / (1 + Math.exp(-score)) ? "yes" : "no";
    lines.push(`c${row},${row % 5 === 0 ? "?" : age},${plan},${visits},${churn}`);
  }
  return `${lines.join("\n")}\n`;
}

export function churnSpec(gate: string): string {
  return `name: churn
task: binary-classification
problem:
  statement: Tell which customer will leave within a month.
  goals:
    - { metric: roc_auc, at_least: 0.7 }
data:
  source: data.csv
  missing: ["?"]
  label: churn
  positive: "yes"
  key: customer
  expect:
    rows: { min: 100 }
    columns:
      age: { type: integer, min: 18, max: 100, missing: 0.3 }
      plan: { one_of: [monthly, yearly, trial] }
train:
  builtin: linear
evaluate:
  slices: [plan]
  gates:
    - ${gate}
    - roc_auc - baseline.roc_auc >= 0.05
`;
}

/** mulberry32: small, seeded, the same on every machine. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
