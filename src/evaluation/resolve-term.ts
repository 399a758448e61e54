import { counted } from "../kit/counted.ts";
import type { Estimate } from "../stats/bounds.ts";
import { gapOf, limitingSlice, ratioOf, type SliceEstimates, worstOf } from "./across-slices.ts";
import { termRange } from "./check-gate-bound.ts";
import type { MetricTerm, SliceTerm, Subject } from "./gate.ts";
import { type FactName, factNameOf, type MetricDescription, type MetricName } from "./metric-names.ts";
import { type Quantity, quantityOf } from "./quantity.ts";
import type { Sample } from "./sample.ts";
import { sliceEstimates } from "./slice-estimates.ts";
import { type Slice, type SliceRows, type SlicesOf, tooSmall } from "./slices.ts";

/** What was measured of the model itself. */
export type Facts = Partial<Record<FactName, Estimate>>;

/** What gates are judged against. */
export interface GateEvidence {
  rows: number;
  /** Rows that a slice must have for a gate to pass on its behalf; default 0. */
  smallestSlice?: number;
  subjects: Partial<Record<Subject, { all: Sample; slices: SlicesOf }>>;
  facts: Facts;
  /** Why a model that there is cannot be compared with: no gate that names it can be decided. */
  withheld?: Partial<Record<Subject, string>> | undefined;
}

export type Resolved = Found | { kind: "missing"; why: string };

interface Found {
  kind: "quantity";
  quantity: Quantity;
  /** Why nothing may be claimed of all slices. */
  note: string | null;
  /** The slice whose rows are too few for more to be claimed with an error of `alpha`; null for all rows. */
  limitedBy: ((alpha: number) => SliceRows) | null;
}

/** Looks up a gate's term. Whatever is not there is missing, with one clause that says what. */
export function resolveTerm(term: MetricTerm | SliceTerm, evidence: GateEvidence): Resolved {
  const fact = factNameOf(term.metric);
  if (fact !== undefined) return resolveFact(term.subject, fact, evidence);
  const subject = evidence.subjects[term.subject];
  if (subject === undefined) return missing(absent[term.subject]);
  const { metric } = term;
  const description = subject.all.describe(metric);
  if (description === undefined) return missing(`${metric} is not a metric of these predictions`);
  if (term.kind !== "metric") return resolveAcross({ term, metric, description }, subject.slices);
  const whose = term.subject === "model" ? metric : `${term.subject}.${metric}`;
  if (term.where === null) return resolveMetric(subject.all, { metric, whose }, null);
  const { column, value } = term.where;
  const slices = subject.slices(column);
  if (slices === undefined) return missing(`${column} is not a slice column`);
  const slice = slices.find((each) => each.value === value);
  if (slice === undefined) return missing(`no test row has ${column} = ${value}${valuesOf(slices)}`);
  if (slice.lacking > 0) return missing(tooSmall(column, slice));
  return resolveMetric(
    slice.sample,
    { metric, whose },
    { written: value, column, value: slice.shown, rows: slice.sample.rows },
  );
}

const shownValues = 8;

/** The values that there are, for whoever misspelled one; empty where they are not for everyone. */
function valuesOf(slices: readonly Slice[]): string {
  const values = slices.flatMap(({ value, shown }) => (value !== null && shown === value ? value : []));
  if (values.length === 0 || values.length < slices.filter(({ value }) => value !== null).length) return "";
  const more = values.length > shownValues ? ", …" : "";
  return ` (its values are ${values.slice(0, shownValues).join(", ")}${more})`;
}

const absent = {
  model: "there are no predictions",
  baseline: "there is no baseline to compare with",
  production: "no version of this model is in production",
  base: "the base branch has no model to compare with",
} as const satisfies Record<Subject, string>;

function missing(why: string): Resolved {
  return { kind: "missing", why };
}

function resolveFact(subject: Subject, fact: FactName, evidence: GateEvidence): Resolved {
  const estimate = evidence.facts[fact];
  if (subject !== "model" || estimate === undefined) return missing(`${fact} was not measured`);
  // More test rows would not decide it: only more timed runs.
  const note = Number.isFinite(estimate.effectiveRows)
    ? `${counted(estimate.effectiveRows, "timed run")} cannot decide it`
    : null;
  return {
    kind: "quantity",
    quantity: { estimate, contributions: null, swing: 0, range: [0, Number.POSITIVE_INFINITY] },
    note,
    limitedBy: null,
  };
}

/** `whose`: the metric as the gate names it; `slice`: whose sample it is, with its value as the gate has it. */
function resolveMetric(
  sample: Sample,
  { metric, whose }: { metric: MetricName; whose: string },
  slice: (SliceRows & { written: string }) | null,
): Resolved {
  const measured = sample.metrics.get(metric);
  const place = slice === null ? "" : ` where ${slice.column} = ${slice.written}`;
  if (measured === undefined) return missing(`${metric} is not a metric of this task`);
  if (measured.value === null) return missing(`${whose}${place} has no value: ${measured.reason}`);
  const limitedBy = slice === null ? null : () => ({ column: slice.column, value: slice.value, rows: slice.rows });
  return { kind: "quantity", quantity: quantityOf(sample, metric, measured), note: null, limitedBy };
}

interface Across {
  term: SliceTerm;
  metric: MetricName;
  description: MetricDescription;
}

function resolveAcross({ term, metric, description }: Across, slicesOf: SlicesOf): Resolved {
  const slices = slicesOf(term.by);
  if (slices === undefined) return missing(`${term.by} is not a slice column`);
  const { note, measured, ...estimates } = sliceEstimates(slices, metric, term.by);
  if (measured.length < (term.kind === "worst" ? 1 : 2)) {
    return missing(note ?? `${term.by} has fewer than two values among the test rows`);
  }
  const estimate = acrossSlices(term.kind, description, estimates);
  if (estimate === null) return missing(`${metric} has no better direction, so no slice is the worst`);
  const limitedBy = (alpha: number): SliceRows => {
    const place = limitingSlice(term.kind, estimates.estimates, { better: description.better, alpha });
    const { shown, sample } = measured[place];
    return { column: term.by, value: shown, rows: sample.rows };
  };
  const range = termRange(term.kind, description.range);
  return { kind: "quantity", quantity: { estimate, contributions: null, swing: 0, range }, note, limitedBy };
}

function acrossSlices(kind: SliceTerm["kind"], { better }: MetricDescription, slices: SliceEstimates) {
  switch (kind) {
    case "worst":
      return better === null ? null : worstOf(slices, better);
    case "gap":
      return gapOf(slices);
    case "ratio":
      return ratioOf(slices);
  }
}
