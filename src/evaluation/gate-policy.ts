/** How a gate is decided, as model.yml says. */
export interface GatePolicy {
  /** The gate as written. */
  text: string;
  decideBy: "interval" | "point";
  /** warn: it is shown and does not hold the model back. */
  onFail: "block" | "warn";
  onInconclusive: "block" | "warn";
  /** Why the gate is there; null: nobody said. */
  purpose: string | null;
}
