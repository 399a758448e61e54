import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Bounds, Estimate } from "../stats/bounds.ts";
import { choleskyFactor } from "../stats/cholesky.ts";
import { normalQuantile } from "../stats/quantile-functions.ts";
import { type MetricTerm, type SliceTerm, type Subject, termsOf } from "./gate.ts";
import type { ParsedGate } from "./gate-list.ts";
import type { MeasuredMetrics } from "./measured.ts";
import type { MetricName } from "./metric-names.ts";
import { covariance, estimateOrNull } from "./quantity.ts";
import type { GateEvidence } from "./resolve-term.ts";
import type { Sample } from "./sample.ts";

/** Evidence as it might have been measured if the new model were as good as the old one. */
export interface Worlds {
  /** Draw number 0, 1, …; the same number gives the same world. With `times` as many test rows. */
  draw(draw: number, times: number): GateEvidence;
  /** Without chance: the old model's values. */
  typical(): GateEvidence;
  assumed: readonly Subject[];
}

interface WorldsRequest {
  gates: readonly ParsedGate[];
  evidence: GateEvidence;
  correlation: number;
}

/** One number that gates look at: a metric of a subject, on all rows or a slice. */
interface Atom {
  sample: Sample;
  metric: MetricName;
  estimate: Estimate;
  /** Its value if the new model equals the old one. */
  center: number;
  contributions: Float64Array;
  range: readonly [number, number];
}

const seed = 20261125;
const everything = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

export function equalModels({ gates, evidence: given, correlation }: WorldsRequest): Worlds {
  const terms = gates.flatMap(({ gate }) => termsOf(gate)).filter((term) => term.kind !== "number");
  const assumed = (["production", "base"] as const).filter(
    (subject) => given.subjects[subject] === undefined && terms.some((term) => term.subject === subject),
  );
  const evidence = withStandIns(given, assumed, correlation);
  const atoms = atomsOf(terms, evidence);
  const factor = choleskyFactor(atoms.map((a) => atoms.map((b) => covariance(a.contributions, b.contributions))));
  const normals = normalsOf(atoms.length);
  const world = (errors: Float64Array, times: number): GateEvidence => redrawn(evidence, atoms, { errors, times });
  return {
    assumed,
    draw: (draw, times) => {
      const errors = factor.times(normals(draw));
      return world(
        errors.map((error) => error / Math.sqrt(times)),
        times,
      );
    },
    typical: () => world(new Float64Array(atoms.length), 1),
  };
}

/** For a version that is not there: as good as the model, right and wrong on other rows as far as `correlation` says. */
function withStandIns(evidence: GateEvidence, assumed: readonly Subject[], correlation: number): GateEvidence {
  const { model } = evidence.subjects;
  if (model === undefined) return evidence;
  const subjects = { ...evidence.subjects };
  const withheld = { ...evidence.withheld };
  for (const [index, subject] of assumed.entries()) {
    const order = once((length: number) => shuffled(length, seed + index + 1));
    const twin = (sample: Sample): Sample => ({ ...sample, contributions: mixed(sample, order, correlation) });
    const slices = once((column: string) =>
      model.slices(column)?.map((slice) => ({ ...slice, sample: twin(slice.sample) })),
    );
    subjects[subject] = { all: twin(model.all), slices };
    delete withheld[subject];
  }
  return { ...evidence, subjects, withheld };
}

/** Made once for each key: samples are told apart by identity. */
function once<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const made = make(key);
    known.set(key, made);
    return made;
  };
}

/** Contributions of the same length whose correlation with the sample's is `correlation`. */
function mixed(sample: Sample, orderOf: (length: number) => Uint32Array, correlation: number): Sample["contributions"] {
  const rest = Math.sqrt(1 - correlation ** 2);
  return (metric) => {
    const own = sample.contributions(metric);
    if (own === null) return null;
    // Of rows, or of clusters.
    const order = orderOf(own.length);
    return own.map((value, unit) => correlation * value + rest * own[order[unit]]);
  };
}

function atomsOf(terms: readonly (MetricTerm | SliceTerm)[], evidence: GateEvidence): Atom[] {
  const atoms: Atom[] = [];
  for (const term of terms) {
    const { metric } = term;
    for (const { sample, old } of samplesOf(term, evidence)) {
      const range = sample.describe(metric)?.range ?? everything;
      const estimate = estimateOrNull(sample.metrics.get(metric));
      const contributions = sample.contributions(metric);
      const isKnown = atoms.some((atom) => atom.sample === sample && atom.metric === metric);
      if (estimate === null || contributions === null || isKnown) continue;
      const center = estimateOrNull(old?.metrics.get(metric))?.value ?? estimate.value;
      atoms.push({ sample, metric, estimate, center, contributions, range });
    }
  }
  return atoms;
}

interface Compared {
  sample: Sample;
  /** The old model's sample of the same rows. */
  old: Sample | undefined;
}

function samplesOf(term: MetricTerm | SliceTerm, { subjects }: GateEvidence): Compared[] {
  const found = subjects[term.subject];
  if (found === undefined) return [];
  const before = term.subject === "model" ? (subjects.production ?? subjects.base ?? subjects.model) : found;
  const column = term.kind === "metric" ? term.where?.column : term.by;
  if (column === undefined) return [{ sample: found.all, old: before?.all }];
  const olds = before?.slices(column) ?? [];
  const slices = (found.slices(column) ?? []).map(({ value, sample }) => ({
    value,
    sample,
    old: olds.find((each) => each.value === value)?.sample,
  }));
  return term.kind === "metric" ? slices.filter(({ value }) => value === term.where?.value) : slices;
}

interface Chance {
  /** Of each atom. */
  errors: Float64Array;
  times: number;
}

function redrawn(evidence: GateEvidence, atoms: readonly Atom[], { errors, times }: Chance): GateEvidence {
  const metrics = new Map<Sample, Map<MetricName, Estimate>>();
  const contributions = new Map<Sample, Map<MetricName, Float64Array>>();
  for (const [index, atom] of atoms.entries()) {
    put(metrics, atom, moved(atom, errors[index], times));
    put(contributions, atom, atom.contributions);
  }
  const again = (sample: Sample): Sample => {
    const drawn = metrics.get(sample);
    const known = contributions.get(sample);
    const measured: MeasuredMetrics = {
      names: sample.metrics.names,
      get: (metric) => drawn?.get(metric) ?? sample.metrics.get(metric),
    };
    return {
      ...sample,
      metrics: measured,
      contributions: (metric) => known?.get(metric) ?? sample.contributions(metric),
    };
  };
  const subjects: GateEvidence["subjects"] = {};
  for (const subject of ["model", "baseline", "production", "base"] as const) {
    const found = evidence.subjects[subject];
    if (found === undefined) continue;
    const slices = (column: string) =>
      found.slices(column)?.map((slice) => ({
        ...slice,
        sample: again(slice.sample),
        lacking: Math.max(0, Math.ceil((evidence.smallestSlice ?? 0) - slice.sample.rows * times)),
      }));
    subjects[subject] = { all: again(found.all), slices };
  }
  return { ...evidence, subjects };
}

function put<Value>(into: Map<Sample, Map<MetricName, Value>>, { sample, metric }: Atom, value: Value): void {
  const before = into.get(sample);
  if (before === undefined) into.set(sample, new Map([[metric, value]]));
  else before.set(metric, value);
}

/**
 * The atom's estimate with another error. Value and bounds move together on the scale on which such a value's error is next to
 * symmetric: the logit between two ends, the logarithm of the distance to a single one.
 */
function moved({ estimate, center, range }: Atom, error: number, times: number): Estimate {
  const scale = scaleOf(range);
  const place = scale.to(center) + error * scale.slope(center);
  // At an end itself nothing can be drawn: all rows say the same.
  if (!Number.isFinite(place) || !Number.isFinite(scale.to(estimate.value))) return estimate;
  return {
    ...estimate,
    value: scale.from(place),
    effectiveRows: estimate.effectiveRows * times,
    bounds: (alpha) => {
      const { lower, upper } = boundsOnce(estimate, alpha);
      const reach = (bound: number): number => (scale.to(bound) - scale.to(estimate.value)) / Math.sqrt(times);
      return { lower: scale.from(place + reach(lower)), upper: scale.from(place + reach(upper)) };
    },
  };
}

interface Scale {
  to(value: number): number;
  from(place: number): number;
  /** Derivative of `to`. */
  slope(value: number): number;
}

function scaleOf([least, most]: readonly [number, number]): Scale {
  if (Number.isFinite(least) && Number.isFinite(most)) {
    return {
      to: (value) => Math.log((value - least) / (most - value)),
      from: (place) => least + (most - least) / (1 + Math.exp(-place)),
      slope: (value) => 1 / (value - least) + 1 / (most - value),
    };
  }
  if (Number.isFinite(least)) {
    return {
      to: (value) => Math.log(value - least),
      from: (place) => least + Math.exp(place),
      slope: (value) => 1 / (value - least),
    };
  }
  if (Number.isFinite(most)) {
    return {
      to: (value) => -Math.log(most - value),
      from: (place) => most - Math.exp(-place),
      slope: (value) => 1 / (most - value),
    };
  }
  return { to: (value) => value, from: (place) => place, slope: () => 1 };
}

const knownBounds = new WeakMap<Estimate, Map<number, Bounds>>();

/** Bounds of the measured estimates are asked for in every draw. */
function boundsOnce(estimate: Estimate, alpha: number): Bounds {
  const known = knownBounds.get(estimate) ?? new Map<number, Bounds>();
  knownBounds.set(estimate, known);
  const bounds = known.get(alpha) ?? estimate.bounds(alpha);
  known.set(alpha, bounds);
  return bounds;
}

/** Standard normal numbers, `count` a draw. */
function normalsOf(count: number): (draw: number) => Float64Array {
  const draws: Float64Array[] = [];
  const next = uniforms(seed);
  return (draw) => {
    while (draws.length <= draw) draws.push(new Float64Array(count).map(() => normalQuantile(next())));
    return draws[draw] ?? new Float64Array(count);
  };
}

function shuffled(rows: number, from: number): Uint32Array {
  const order = new Uint32Array(rows).map((_, row) => row);
  const next = uniforms(from);
  for (let row = rows - 1; row > 0; row -= 1) {
    const other = Math.floor(next() * (row + 1));
    [order[row], order[other]] = [order[other], order[row]];
  }
  return order;
}

/** Numbers in (0, 1). */
function uniforms(from: number): () => number {
  const generator = xoroshiro128plus(from);
  // The generator's first outputs still show the seed's few bits.
  for (let skipped = 0; skipped < 16; skipped += 1) generator.next();
  return () => ((generator.next() >>> 0) + 0.5) / 2 ** 32;
}
