import type { Inputs } from "../actions/validate-data/io.ts";
import { type Ports, validateData } from "../actions/validate-data/run.ts";
import { writeFileAtomically } from "../kit/atomic-write.ts";
import type { StepContext, StepOutcome } from "../kit/step.ts";

/** Binds validate-data to DuckDB and the disk. */
export async function validateDataStep(context: StepContext, inputs: Inputs): Promise<StepOutcome> {
  return validateData(context, inputs, ports);
}

const ports: Ports = {
  async validate(request) {
    const { validateSnapshot } = await import("../data/validate-snapshot.ts");
    const { profile, findings } = await validateSnapshot(request);
    return {
      rows: profile.rows,
      columns: profile.columns.length,
      profile: `${JSON.stringify(profile, null, 1)}\n`,
      findings,
    };
  },
  write: writeFileAtomically,
};
