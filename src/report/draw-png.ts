import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { onceUnlessFailed } from "../kit/once.ts";
import type { Chart } from "./chart-plan.ts";
import { palettes, type Theme } from "./palette.ts";
import { pictureFiles } from "./picture-files.ts";

// The only file that loads resvg, 2.4 MB of WebAssembly: import it lazily.

/** A chart as two pictures; a comment shows the one that suits its reader's theme. */
export interface ChartPicture extends Omit<Chart, "svg"> {
  /** PNG with two pixels a CSS pixel. */
  light: Uint8Array;
  dark: Uint8Array;
  /** In CSS pixels. */
  width: number;
}

/** The pictures of charts, without a browser and without fonts of the machine; a chart with letters that the font lacks is left out. */
export async function drawPictures(charts: readonly Chart[]): Promise<ChartPicture[]> {
  const fonts = await rasteriser();
  return charts
    .filter(({ svg }) => isDrawable(svg))
    .map(({ svg, ...words }) => {
      const [light, dark] = [drawPng(svg, "light", fonts), drawPng(svg, "dark", fonts)];
      return { ...words, light: light.png, dark: dark.png, width: light.width };
    });
}

const pixelRatio = 2;

function drawPng(svg: string, theme: Theme, fontBuffers: Uint8Array[]): { png: Uint8Array; width: number } {
  const colours: Readonly<Record<string, string>> = palettes[theme];
  const themed = svg.replace(/var\(--([a-z-]+)\)/g, (_, name: string) => colours[name] ?? "gray");
  const picture = new Resvg(themed, {
    background: palettes[theme].paper,
    fitTo: { mode: "zoom", value: pixelRatio },
    font: { fontBuffers, loadSystemFonts: false, defaultFontFamily: "Inter", sansSerifFamily: "Inter" },
  });
  try {
    const image = picture.render();
    try {
      return { png: image.asPng(), width: Math.round(picture.width) };
    } finally {
      image.free();
    }
  } finally {
    picture.free();
  }
}

// What the parts of the font have (its unicode.json).
const drawable = [
  [0, 0x52f],
  [0x1e00, 0x1eff],
  [0x2000, 0x206f],
  [0x20a0, 0x20c0],
  [0x2122, 0x2122],
  [0x2191, 0x2193],
  [0x2212, 0x2215],
] as const;

/** False for letters of other scripts, which would be empty boxes. */
function isDrawable(svg: string): boolean {
  const beyond = [...new Set(svg)].map((letter) => letter.codePointAt(0) ?? 0);
  return beyond.every((code) => drawable.some(([first, last]) => first <= code && code <= last));
}

const here = dirname(fileURLToPath(import.meta.url));

/** Starts resvg once in a process and gives its fonts. */
const rasteriser = onceUnlessFailed(async () => {
  const [wasm, ...fonts] = await Promise.all(pictureFiles.map(({ name, from }) => readFile(placeOf(name, from))));
  if (wasm === undefined) throw new Error("resvg is not there");
  await initWasm(wasm);
  return fonts;
});

function placeOf(name: string, from: string): string {
  const shipped = join(here, "..", "pictures", name);
  return existsSync(shipped) ? shipped : join(here, "..", "..", "node_modules", from);
}
