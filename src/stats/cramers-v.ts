import { chiSquareTest } from "./chi-square-test.ts";
import { type ContingencyTable, marginsOf, withoutEmpty } from "./contingency-table.ts";

/**
 * Cramér's V: how strongly two classifications go together, √(φ² / min(rows − 1, columns − 1)) with φ² = χ²/n, in [0, 1]. 0 for fewer
 * than two rows or columns with counts. Errors as for chiSquareTest. Biased upwards: by chance alone φ² is about degrees / n.
 * Source: Cramér (1946). Oracle: scipy.stats.contingency.association(method="cramer").
 * @example cramersV(tableOf(Float64Array.of(10, 0), Float64Array.of(0, 10))) // 1
 */
export function cramersV(table: ContingencyTable): number {
  const { rows, columns, phiSquared } = association(table);
  const most = Math.min(rows, columns) - 1;
  return most <= 0 ? 0 : Math.sqrt(phiSquared / most);
}

/**
 * Cramér's V with the bias taken out of φ² and of the numbers of rows and columns: about 0 where nothing goes together, and 0 for
 * fewer than two rows or columns with counts.
 * Source: Bergsma (2013), Journal of the Korean Statistical Society 42:323.
 */
export function cramersVCorrected(table: ContingencyTable): number {
  const { rows, columns, total, phiSquared } = association(table);
  if (Math.min(rows, columns) < 2) return 0;
  const corrected = Math.max(0, phiSquared - ((rows - 1) * (columns - 1)) / (total - 1));
  const shrunk = (size: number): number => size - (size - 1) ** 2 / (total - 1);
  const most = Math.min(shrunk(rows), shrunk(columns)) - 1;
  return most <= 0 ? 0 : Math.sqrt(corrected / most);
}

function association(table: ContingencyTable) {
  const { statistic } = chiSquareTest(table, { method: "asymptotic" });
  const full = withoutEmpty(table);
  const { total } = marginsOf(full);
  return { rows: full.rows, columns: full.columns, total, phiSquared: statistic / total };
}
