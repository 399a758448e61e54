import type { Latency } from "./latency.ts";
import { exactEstimate } from "./measured.ts";
import type { Facts } from "./resolve-term.ts";

/** What gates may ask of the model itself, as far as it was measured. `bytes`: of all its files. */
export function factsOf({ bytes, latency }: { bytes: number | null; latency: Latency | null }): Facts {
  return { ...(bytes === null ? {} : { model_size: exactEstimate(bytes, "exact") }), ...latencyFacts(latency) };
}

function latencyFacts(latency: Latency | null): Facts {
  if (latency === null) return {};
  const { ms, ratios } = latency;
  return {
    latency_p50: exactEstimate(ms.p50, "exact"),
    latency_p95: exactEstimate(ms.p95, "exact"),
    latency_p99: exactEstimate(ms.p99, "exact"),
    latency_ratio_p50: ratios.p50,
    latency_ratio_p95: ratios.p95,
    latency_ratio_p99: ratios.p99,
  };
}
