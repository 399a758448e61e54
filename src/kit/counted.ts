/** 1234567 as 1,234,567; toLocaleString would load locale data for 20 ms. */
export function grouped(whole: number): string {
  return String(whole).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

/** A whole number of things. @example counted(1, "row") // "1 row" @example counted(1200, "row") // "1,200 rows" */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}
