import { readFileSync } from "node:fs";
import * as z from "zod";

const Fit = z.object({
  intercepts: z.array(z.number()),
  weights: z.array(z.object({ feature: z.string(), level: z.string().nullable(), weights: z.array(z.number()) })),
  log_loss: z.number().optional(),
  rmse: z.number().optional(),
});
export type OracleFit = z.infer<typeof Fit>;

const Oracle = z.object({
  small: z.object({
    columns: z.record(z.string(), z.array(z.union([z.number(), z.string(), z.null()]))),
    targets: z.object({ binary: z.array(z.string()), classes: z.array(z.string()), amount: z.array(z.number()) }),
    row_weights: z.array(z.number()),
    cases: z.record(z.string(), Fit),
  }),
  large: z.record(z.string(), Fit),
});

/** What scikit-learn found: test/oracles/training.py says how, and with which versions. */
export const oracle = Oracle.parse(
  JSON.parse(readFileSync(new URL("../../oracles/training.json", import.meta.url), "utf8")),
);

/** The named fit of an oracle's group. */
export function oracleFit(fits: Record<string, OracleFit>, name: string): OracleFit {
  const fit = fits[name];
  if (fit === undefined) throw new Error(`the oracle has no fit ${name}`);
  return fit;
}
