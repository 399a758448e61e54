import type { EvaluationFile } from "./evaluation-file.ts";
import { exactEstimate } from "./measured.ts";
import type { Facts } from "./resolve-term.ts";

/** What gates may ask of the model itself, as far as it was measured. */
export function factsOf({ model, latency_ms }: Pick<EvaluationFile, "model" | "latency_ms">): Facts {
  return {
    ...(model === null ? {} : { model_size: exactEstimate(model.bytes, "exact") }),
    ...(latency_ms === null
      ? {}
      : {
          latency_p50: exactEstimate(latency_ms.p50, "exact"),
          latency_p95: exactEstimate(latency_ms.p95, "exact"),
          latency_p99: exactEstimate(latency_ms.p99, "exact"),
        }),
  };
}
