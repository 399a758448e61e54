import { counted } from "../kit/counted.ts";
import type { Chart } from "./chart-plan.ts";
import type { Charts } from "./charts.ts";
import { escapeHtml } from "./escape-html.ts";
import { escapeMarkdown } from "./escape-markdown.ts";

/** A chart's pictures and where they are. */
export interface PlacedPicture extends Omit<Chart, "svg"> {
  light: string;
  dark: string;
  /** In CSS pixels. */
  width: number;
}

const mostPictures = 4;

/** The charts that are worth a picture in a comment; the HTML report has all. */
export function chartsForComment({ evaluation, threshold, slices }: Charts): Chart[] {
  return [...evaluation, ...slices.slice(0, 1), ...threshold].slice(0, mostPictures);
}

/** Pictures for both themes; the addresses are ours. */
export function picturesSection(pictures: readonly PlacedPicture[]): string {
  if (pictures.length === 0) return "";
  const drawn = pictures.map(({ title, description, light, dark, width }) => {
    const alt = escapeHtml(`${title}: ${description}`, 300);
    return `**${escapeMarkdown(title, 100)}**<br><picture><source media="(prefers-color-scheme: dark)" srcset="${escapeHtml(dark)}"><img src="${escapeHtml(light)}" width="${width}" alt="${alt}"></picture>`;
  });
  return `<details open><summary>${counted(pictures.length, "chart")}</summary>\n\n${drawn.join("\n\n")}\n\n</details>`;
}
