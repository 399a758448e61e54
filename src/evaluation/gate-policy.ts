/** How a gate is decided, as model.yml says. */
export interface GatePolicy {
  /** The gate as written. */
  text: string;
  decideBy: "interval" | "point";
  onInconclusive: "block" | "warn";
}
