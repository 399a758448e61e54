import { expect, it } from "vitest";
import { drawCharts } from "../../../src/report/draw-charts.ts";
import { drawPictures } from "../../../src/report/draw-png.ts";
import { reportModel } from "../../../src/report/report-model.ts";
import { reportInputs } from "../../support/builders/report.ts";

/** Width and height, from the header of a PNG (its specification, 11.2.1). */
function sizeOf(png: Uint8Array): [number, number] {
  const view = new DataView(png.buffer, png.byteOffset);
  expect([...png.slice(1, 4)]).toEqual([..."PNG"].map((letter) => letter.charCodeAt(0)));
  return [view.getUint32(16), view.getUint32(20)];
}

it("draws each chart light and dark, with twice the pixels, and the same bytes each time", async () => {
  const { evaluation } = await drawCharts(reportModel(reportInputs()));
  const pictures = await drawPictures(evaluation);
  expect(pictures.map(({ title }) => title)).toEqual(["ROC curve", "Calibration"]);
  for (const { light, dark, width } of pictures) {
    expect(sizeOf(light)[0]).toBe(2 * width);
    expect(sizeOf(dark)).toEqual(sizeOf(light));
    expect(Buffer.from(dark).equals(light)).toBe(false);
  }
  const again = await drawPictures(evaluation);
  expect(again.map(({ light }) => Buffer.from(light))).toEqual(pictures.map(({ light }) => Buffer.from(light)));
});

it("leaves out a chart with letters that would be empty boxes", async () => {
  const svg = (text: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30"><text y="20" fill="var(--ink)">${text}</text></svg>`;
  const charts = ["Größe", "возраст", "ηλικία", "年齢", "ⅷ"].map((title) => ({
    title,
    description: "",
    svg: svg(title),
  }));
  expect((await drawPictures(charts)).map(({ title }) => title)).toEqual(["Größe", "возраст", "ηλικία"]);
});
