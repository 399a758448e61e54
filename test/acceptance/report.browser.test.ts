import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drawCharts } from "../../src/report/draw-charts.ts";
import { renderHtml } from "../../src/report/html.ts";
import type { ReportInputs } from "../../src/report/report-inputs.ts";
import { reportModel } from "../../src/report/report-model.ts";
import { aRegressionEvaluation } from "../support/builders/evaluation.ts";
import { aFullEvaluation } from "../support/builders/evaluation-details.ts";
import { hostileInputs } from "../support/builders/hostile-report.ts";
import { aWeightedRun, reportInputs } from "../support/builders/report.ts";
import { scratchFolder } from "../support/scratch.ts";

// Debian's package; another place may be named, as in other tools that drive a browser.
const chromiumPath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const missing = !existsSync(chromiumPath);
if (missing) process.stderr.write(`report in a browser: skipped, no chromium at ${chromiumPath}\n`);

const longest = "a".repeat(400);
const fullRun = () => reportInputs({ evaluation: aFullEvaluation() });

describe.skipIf(missing)("the HTML report in Chromium", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: chromiumPath,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
  });
  afterAll(() => browser?.close());

  const open = async (inputs: ReportInputs, width: number, colorScheme: "light" | "dark" = "light") => {
    const model = reportModel(inputs);
    const file = join(await scratchFolder(), "report.html");
    await writeFile(file, renderHtml(model, await drawCharts(model)));
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
    const requests: string[] = [];
    const problems: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    page.on("dialog", (dialog) => problems.push(dialog.message()));
    page.on("console", (message) => problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    const address = pathToFileURL(file).href;
    await page.goto(address);
    return { page, problems, requests: requests.filter((url) => url !== address) };
  };

  it.each([320, 360, 768, 1200])(
    "has no sideways scrolling at %i pixels, with ordinary and with endless values",
    async (width) => {
      for (const inputs of [fullRun(), hostileInputs([longest, "b c ".repeat(99)])]) {
        const { page } = await open(inputs, width);
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
        await page.close();
      }
    },
  );

  it.each([390, 1200])("breaks no number inside its digits at %i pixels", async (width) => {
    const { page } = await open(aWeightedRun(), width);
    const broken = await page.evaluate(`[...document.querySelectorAll(".n b, .hit, td.n")]
      .flatMap((cell) => [...cell.childNodes])
      .filter((node) => node.nodeType === Node.TEXT_NODE && /^[^ ]+$/.test(node.data.trim()))
      .filter((node) => {
        const range = document.createRange();
        range.selectNodeContents(node);
        return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1;
      })
      .map((node) => node.data)`);
    expect(broken).toEqual([]);
    await page.close();
  });

  it.each([390, 1200])("keeps every table head inside its column at %i pixels", async (width) => {
    const { page } = await open(fullRun(), width);
    const outside = await page.evaluate(`[...document.querySelectorAll("thead th")]
      .filter((cell) => cell.checkVisibility() && cell.textContent.trim() !== "")
      .filter((cell) => {
        const range = document.createRange();
        range.selectNodeContents(cell);
        const [inner, outer] = [range.getBoundingClientRect(), cell.getBoundingClientRect()];
        return inner.left < outer.left - 1 || inner.right > outer.right + 1;
      })
      .map((cell) => cell.textContent)`);
    expect(outside).toEqual([]);
    await page.close();
  });

  it.each([390, 1200])("keeps the bound of a gate below its tick and inside the line at %i pixels", async (width) => {
    const { page } = await open(fullRun(), width);
    const outside = await page.evaluate(`[...document.querySelectorAll(".bar text")]
      .filter((text) => {
        const [inner, outer] = [text.getBoundingClientRect(), text.ownerSVGElement.getBoundingClientRect()];
        return inner.left < outer.left - 1 || inner.right > outer.right + 1;
      })
      .map((text) => text.textContent)`);
    expect(outside).toEqual([]);
    await page.close();
  });

  it("draws letters that can be read on a phone", async () => {
    for (const inputs of [fullRun(), reportInputs({ evaluation: aRegressionEvaluation() })]) {
      const { page } = await open(inputs, 390);
      const smallest =
        await page.evaluate(`Math.min(...[...document.querySelectorAll("figure svg text")].map((text) => {
        const { svg, size } = { svg: text.ownerSVGElement, size: parseFloat(text.getAttribute("font-size")) };
        return (size * svg.getBoundingClientRect().width) / svg.viewBox.baseVal.width;
      }))`);
      expect(smallest).toBeGreaterThan(9);
      await page.close();
    }
  });

  it("runs nothing, asks for nothing and complains of nothing, whatever the values are", async () => {
    const { page, problems, requests } = await open(hostileInputs(), 900);
    expect(await page.title()).toContain("<script>document.title='owned'</script>");
    expect({ problems, requests }).toEqual({ problems: [], requests: [] });
    expect(await page.locator("script, iframe, img, object, link, form, [onload], [onerror]").count()).toBe(0);
    await page.close();
  });

  it.each(["light", "dark"] as const)(
    "has enough contrast in %s for every text (WCAG 2.2 AA: 4.5 to 1)",
    async (scheme) => {
      const { page } = await open(fullRun(), 1000, scheme);
      const low = await lowContrast(page);
      await page.close();
      expect(low).toEqual([]);
    },
  );

  it("draws charts in the colours of the scheme", async () => {
    const strokes: unknown[] = [];
    for (const scheme of ["light", "dark"] as const) {
      const { page } = await open(reportInputs(), 1000, scheme);
      strokes.push(
        await page.evaluate(`getComputedStyle(document.querySelector('.charts svg [stroke="var(--accent)"]')).stroke`),
      );
      await page.close();
    }
    expect(strokes).toEqual(["rgb(36, 87, 197)", "rgb(127, 168, 255)"]);
  });

  it("fits on paper without the navigation", async () => {
    const { page } = await open(fullRun(), 794);
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("nav").isVisible()).toBe(false);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(794);
    await page.close();
  });
});

/** Texts whose colour has less than 4.5 to 1 against what is painted behind them (WCAG 2.2, 1.4.3), as the browser paints. */
async function lowContrast(page: Page): Promise<unknown> {
  return page.evaluate(`(() => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const paint = (colours) => {
      for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
      return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const luminance = (rgb) => {
      const [r, g, b] = rgb.map((value) => value / 255).map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const low = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (node.data.trim() === "" || !element.checkVisibility()) continue;
      const backs = [];
      for (let up = element; up; up = up.parentElement) backs.unshift(getComputedStyle(up).backgroundColor);
      const style = getComputedStyle(element);
      const text = element.closest("svg") ? style.fill : style.color;
      const [back, front] = [paint(backs), paint([...backs, text])].map(luminance);
      const ratio = (Math.max(back, front) + 0.05) / (Math.min(back, front) + 0.05);
      if (ratio < 4.5) low.add(node.data.trim().slice(0, 40) + " " + ratio.toFixed(2));
    }
    return [...low];
  })()`);
}
