import type { RunFolder } from "../kit/run-folder.ts";
import type { StepContext } from "../kit/step.ts";

type PlaceName = Exclude<keyof RunFolder, "outcome">;

/** An action's outputs that are places in the run folder, for the names that its Outputs declare. */
export function placesOf(
  context: StepContext,
  outputs: { shape: Readonly<Record<string, unknown>> },
): Record<string, string> {
  const { outcome, ...places } = context.folder;
  const declared = Object.keys(outputs.shape).filter((name): name is PlaceName => name in places);
  return Object.fromEntries(declared.map((name) => [name, places[name]]));
}
