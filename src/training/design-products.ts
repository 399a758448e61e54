import type { Design } from "./design.ts";
import { pairsOf } from "./losses.ts";

// Products of the design's rows with parameters and derivatives. A row has `numbers + texts` entries that are not zero,
// whatever the number of levels; these are the innermost loops of the fit, so they go through a block of rows at once
// and call nothing: before V8 has optimised them, a call costs more than the sum. Parameter (column j, output k) is entry j·outputs + k; the intercepts come last.

/** `count` rows of a design from row `from` on: the block's rows 0 to count − 1. */
export interface RowBlock {
  from: number;
  count: number;
}

/** How many parameters a design with so many outputs has. */
export function sizeOf({ width }: Design, outputs: number): number {
  return (width + 1) * outputs;
}

interface EtaRequest extends RowBlock {
  theta: Float64Array;
  outputs: number;
  /** Overwritten: count × outputs. */
  eta: Float64Array;
}

/** eta = intercepts + rows · weights. */
export function fillEta(design: Design, { from, count, theta, outputs, eta }: EtaRequest): void {
  const { width, numbers, texts, z, hot } = design;
  for (let b = 0; b < count; b += 1) {
    const zRow = (from + b) * numbers;
    const hotRow = (from + b) * texts;
    for (let k = 0; k < outputs; k += 1) {
      let sum = theta[width * outputs + k];
      for (let j = 0; j < numbers; j += 1) sum += z[zRow + j] * theta[j * outputs + k];
      for (let t = 0; t < texts; t += 1) {
        const place = hot[hotRow + t];
        if (place >= 0) sum += theta[place * outputs + k];
      }
      eta[b * outputs + k] = sum;
    }
  }
}

interface GradientRequest extends RowBlock {
  outputs: number;
  slope: Float64Array;
  gradient: Float64Array;
}

/** gradient += rowsᵀ · slope. */
export function addGradient(design: Design, { from, count, outputs, slope, gradient }: GradientRequest): void {
  const { width, numbers, texts, z, hot } = design;
  for (let b = 0; b < count; b += 1) {
    const zRow = (from + b) * numbers;
    const hotRow = (from + b) * texts;
    for (let k = 0; k < outputs; k += 1) {
      const s = slope[b * outputs + k];
      for (let j = 0; j < numbers; j += 1) gradient[j * outputs + k] += s * z[zRow + j];
      for (let t = 0; t < texts; t += 1) {
        const place = hot[hotRow + t];
        if (place >= 0) gradient[place * outputs + k] += s;
      }
      gradient[width * outputs + k] += s;
    }
  }
}

interface CurvatureRequest extends RowBlock {
  outputs: number;
  /** By pairs of outputs, as a LossBlock has it. */
  curvature: Float64Array;
  /** Entry (i, j) of pair q, with i ≤ j: (j·(width + 1) + i)·pairs + q. */
  products: Float64Array;
}

/** products += rowsᵀ · curvature · rows, for each pair of outputs. Places ascend within a row: i ≤ j. */
export function addCurvature(design: Design, request: CurvatureRequest): void {
  if (request.outputs === 1) addSingleCurvature(design, request);
  else addPairedCurvature(design, request);
}

function addSingleCurvature(design: Design, { from, count, curvature, products }: CurvatureRequest): void {
  const { width, numbers, texts, z, hot } = design;
  const size = width + 1;
  const weighted = new Float64Array(numbers);
  for (let b = 0; b < count; b += 1) {
    const c = curvature[b];
    const zRow = (from + b) * numbers;
    const hotRow = (from + b) * texts;
    for (let j = 0; j < numbers; j += 1) {
      const cz = c * z[zRow + j];
      weighted[j] = cz;
      for (let i = 0; i <= j; i += 1) products[j * size + i] += cz * z[zRow + i];
    }
    for (let t = 0; t <= texts; t += 1) {
      const place = t === texts ? width : hot[hotRow + t];
      if (place < 0) continue;
      const line = place * size;
      for (let i = 0; i < numbers; i += 1) products[line + i] += weighted[i];
      for (let u = 0; u < t; u += 1) {
        const other = hot[hotRow + u];
        if (other >= 0) products[line + other] += c;
      }
      products[line + place] += c;
    }
  }
}

function addPairedCurvature(design: Design, { from, count, outputs, curvature, products }: CurvatureRequest): void {
  const { numbers, texts } = design;
  const entries = numbers + texts + 1;
  const pairs = pairsOf(outputs);
  const places = new Int32Array(entries);
  const values = new Float64Array(entries);
  const line = (design.width + 1) * pairs;
  for (let b = 0; b < count; b += 1) {
    const used = gatherRow(design, { row: from + b, places, values });
    for (let j = 0; j < used; j += 1) {
      const start = places[j] * line;
      for (let i = 0; i <= j; i += 1) {
        const product = values[j] * values[i];
        const at = start + places[i] * pairs;
        for (let q = 0; q < pairs; q += 1) products[at + q] += product * curvature[b * pairs + q];
      }
    }
  }
}

/** The entries of a row that are not zero, with their columns; returns how many. */
function gatherRow(
  { width, numbers, texts, z, hot }: Design,
  { row, places, values }: { row: number; places: Int32Array; values: Float64Array },
): number {
  let used = 0;
  for (let j = 0; j < numbers; j += 1) {
    places[used] = j;
    values[used++] = z[row * numbers + j];
  }
  for (let t = 0; t <= texts; t += 1) {
    const place = t === texts ? width : hot[row * texts + t];
    if (place < 0) continue;
    places[used] = place;
    values[used++] = 1;
  }
  return used;
}

interface AssembleRequest {
  width: number;
  outputs: number;
  products: Float64Array;
  /** Its lower triangle is overwritten; row-major, ((width + 1)·outputs)². */
  hessian: Float64Array;
}

/** The Hessian of all parameters from the products of each pair of outputs. */
export function assembleHessian({ width, outputs, products, hessian }: AssembleRequest): void {
  const columns = width + 1;
  const size = columns * outputs;
  const pairs = pairsOf(outputs);
  for (let j = 0; j < columns; j += 1) {
    for (let i = 0; i <= j; i += 1) {
      const at = (j * columns + i) * pairs;
      for (let k = 0; k < outputs; k += 1) {
        for (let l = 0; l < outputs; l += 1) {
          const pair = k >= l ? (k * (k + 1)) / 2 + l : (l * (l + 1)) / 2 + k;
          hessian[(j * outputs + k) * size + i * outputs + l] = products[at + pair];
        }
      }
    }
  }
}

interface DiagonalRequest extends RowBlock {
  outputs: number;
  curvature: Float64Array;
  diagonal: Float64Array;
}

/** diagonal += rows² · the curvature's diagonal. */
export function addDiagonal(design: Design, request: DiagonalRequest): void {
  const { from, count, outputs, curvature, diagonal } = request;
  const { width, numbers, texts, z, hot } = design;
  const pairs = pairsOf(outputs);
  for (let b = 0; b < count; b += 1) {
    const row = from + b;
    for (let k = 0; k < outputs; k += 1) {
      const c = curvature[b * pairs + (k * (k + 1)) / 2 + k];
      for (let j = 0; j < numbers; j += 1) diagonal[j * outputs + k] += c * z[row * numbers + j] ** 2;
      for (let t = 0; t < texts; t += 1) {
        const place = hot[row * texts + t];
        if (place >= 0) diagonal[place * outputs + k] += c;
      }
      diagonal[width * outputs + k] += c;
    }
  }
}
