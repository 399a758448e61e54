// The one place that decides how a number is written for a person. Files keep full precision; people get the digits
// that the interval supports.

export const absent = "–";
const minus = "\u2212";

/** A number with its confidence interval; anything may be missing. */
export interface Measured {
  value: number | null;
  lower: number | null;
  upper: number | null;
}

/** `32,561`; not finite or missing: `–`. */
export function formatCount(count: number | null): string {
  return count === null ? absent : fixed(count, Number.isInteger(count) ? 0 : 1);
}

/** A count that is only known roughly, rounded up to two digits. @example formatAbout(354_304) // "360,000" */
export function formatAbout(count: number): string {
  const step = 10 ** Math.max(0, magnitude(count) - 1);
  return formatCount(Math.ceil(count / step) * step);
}

/**
 * Decimals that show a number with its interval: two significant digits of the interval's width, else three of the
 * number; 0 to 6. Source: GUM (JCGM 100:2008) 7.2.6, at most two digits of an uncertainty.
 * @example decimalsFor({ value: 0.90456, lower: 0.8978, upper: 0.9114 }) // 3
 */
export function decimalsFor({ value, lower, upper }: Measured): number {
  const width = lower !== null && upper !== null ? Math.abs(upper - lower) : 0;
  if (Number.isFinite(width) && width > 0) return clamp(1 - magnitude(width));
  if (value === null || value === 0 || !Number.isFinite(value)) return 3;
  return Number.isInteger(value) && Math.abs(value) >= 10 ? 0 : clamp(2 - magnitude(value));
}

/** A number with a fixed number of decimals, thousands separated, a real minus sign, never `-0`. */
export function fixed(value: number | null, decimals: number): string {
  if (value === null || !Number.isFinite(value)) return absent;
  const size = Math.abs(value);
  if (size >= 1e15) return value.toPrecision(4).replace("-", minus);
  const digits = size.toFixed(decimals);
  if (Number(digits) === 0 && size > 0 && decimals >= maximumDecimals) return tiny(value);
  const [whole = "0", fraction] = digits.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const text = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  return value < 0 && Number(digits) !== 0 ? `${minus}${text}` : text;
}

/** `0.905` with the digits that its interval supports, or with those of the number that it stands beside. */
export function formatValue(measured: Measured, decimals = decimalsFor(measured)): string {
  return fixed(measured.value, decimals);
}

/** `0.898 to 0.911`, or empty when there is no interval or it is a point. */
export function formatInterval(measured: Measured, decimals = decimalsFor(measured)): string {
  const { lower, upper } = measured;
  return hasInterval(measured) ? `${fixed(lower, decimals)} to ${fixed(upper, decimals)}` : "";
}

/** `0.905 [0.898, 0.911]`, or the number alone when there is no interval. */
export function formatMeasured(measured: Measured, decimals = decimalsFor(measured)): string {
  const { value, lower, upper } = measured;
  const number = fixed(value, decimals);
  return hasInterval(measured) ? `${number} [${fixed(lower, decimals)}, ${fixed(upper, decimals)}]` : number;
}

/** A difference with its sign: `+0.405`, `−0.012`. */
export function formatDifference(measured: Measured, decimals = decimalsFor(measured)): string {
  return signed(measured.value, decimals);
}

/** `+0.399 to +0.411`, or empty when there is no interval. */
export function formatDifferenceInterval(measured: Measured, decimals = decimalsFor(measured)): string {
  const { lower, upper } = measured;
  return hasInterval(measured) ? `${signed(lower, decimals)} to ${signed(upper, decimals)}` : "";
}

/** False for a point: a fact such as a size, or a gate that is decided by the measured value alone. */
export function hasInterval({ lower, upper }: Measured): boolean {
  return lower !== null && upper !== null && lower !== upper;
}

/** `24.1 %` of a share in [0, 1] (SI brochure, 5.4.7: with a space); tiny ones as `<0.1 %`, never a false 0 % or 100 %. */
export function formatShare(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return absent;
  if (share > 0 && share < 0.001) return "<0.1 %";
  if (share < 1 && share > 0.999) return ">99.9 %";
  return share === 0 || share === 1 ? `${share * 100} %` : `${(share * 100).toFixed(1)} %`;
}

/** Decimal units, spelled as in gates: `9.1 KB`, `20 MB`. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null || !Number.isFinite(bytes)) return absent;
  const units = ["B", "KB", "MB", "GB", "TB"] as const;
  let size = Math.abs(bytes);
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  const digits = size >= 100 || unit === 0 || Number.isInteger(size) ? 0 : 1;
  return `${bytes < 0 ? minus : ""}${size.toFixed(digits)} ${units[unit] ?? "B"}`;
}

/** `0.31 s`, `12 s`, `3 min 20 s`, `2 h 05 min`. */
export function formatDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")} min`;
}

/** First 12 characters of a digest, as people compare them (design: decision digest). */
export function shortDigest(digest: string): string {
  return digest.slice(0, 12);
}

/** A number as a person would have written it: 0.1 + 0.2 is `0.3`, 1234.5678901 is `1,234.568`. */
export function shortest(value: number): string {
  if (!Number.isFinite(value)) return absent;
  if (value !== 0 && Math.abs(value) < 1e-4) return tiny(value);
  const digits = Math.abs(value) >= 1000 ? value.toFixed(3) : value.toPrecision(6);
  const decimals = String(Number(digits)).split(".")[1]?.length ?? 0;
  return fixed(value, decimals);
}

/** Milliseconds with three significant digits: `0.0477 ms`, `12.3 ms`. */
export function formatMilliseconds(milliseconds: number): string {
  return `${formatValue({ value: milliseconds, lower: null, upper: null })} ms`;
}

const maximumDecimals = 6;

/** Decimals of a measured number with which it differs from a bound that it is not. */
export function decimalsApart(measured: Measured, bound: number | null): number {
  const { value } = measured;
  let decimals = decimalsFor(measured);
  if (value === null || bound === null || value === bound) return decimals;
  while (decimals < 12 && Number(value.toFixed(decimals)) === Number(bound.toFixed(decimals))) decimals += 1;
  return decimals;
}

/** With `+` or `−` in front, unless it rounds to zero. */
export function signed(value: number | null, decimals: number): string {
  const text = fixed(value, decimals);
  return value !== null && value > 0 && Number(value.toFixed(decimals)) !== 0 ? `+${text}` : text;
}

function tiny(value: number): string {
  return value.toExponential(1).replaceAll("-", minus);
}

function magnitude(value: number): number {
  return Math.floor(Math.log10(Math.abs(value)));
}

function clamp(decimals: number): number {
  return Math.min(maximumDecimals, Math.max(0, decimals));
}
