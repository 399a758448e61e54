import type { EvaluationFile } from "../evaluation/evaluation-file.ts";
import { type Html, html } from "./escape-html.ts";
import { formatCount, formatShare } from "./format-numbers.ts";
import { breakable } from "./html-parts.ts";

const matrixLimit = 20;

/** Actual against predicted classes; with weighted rows it holds weights, which are no counts. Null with many classes. */
export function confusionMatrix(matrix: EvaluationFile["confusion_matrix"], weight: string | null): Html | null {
  if (matrix === null || matrix.classes.length > matrixLimit) return null;
  const what = weight === null ? html`Rows` : html`Total weight (${breakable(weight)}), not rows,`;
  return html`<h3 class="apart">Confusion matrix</h3>
<p class="lead">${what} by actual and predicted class, and the share of the actual class.</p>
<div class="scroll"><table class="matrix"><thead><tr><th scope="col">Actual \\ predicted</th>${matrix.classes.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${matrix.counts.map((counts, index) => matrixRow(matrix.classes[index] ?? "", counts))}</tbody></table></div>`;
}

/** Shaded by the share of the actual class. */
function matrixRow(name: string, counts: readonly number[]): Html {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const cells = counts.map((count) => {
    const share = total === 0 ? 0 : count / total;
    return html`<td class="hit n" style="--share:${share.toFixed(3)}">${formatCount(count)}<small>${formatShare(share)}</small></td>`;
  });
  return html`<tr><th scope="row">${name}</th>${cells}</tr>`;
}
