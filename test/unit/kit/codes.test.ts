import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { errorCodes, findingCodes, reasonCodes } from "../../../src/kit/codes.ts";

const source = join(import.meta.dirname, "..", "..", "..", "src");
const codes = Object.keys({ ...errorCodes, ...reasonCodes, ...findingCodes });

it("raises every code somewhere in src, so that the list holds no dead words", async () => {
  const files = (await readdir(source, { recursive: true })).filter(
    (path) => path.endsWith(".ts") && !path.endsWith("codes.ts"),
  );
  const text = (await Promise.all(files.map((path) => readFile(join(source, path), "utf8")))).join("\n");
  expect(codes.filter((code) => !text.includes(`"${code}"`))).toEqual([]);
});

it("explains every code in words", () => {
  for (const [code, { meaning, action }] of Object.entries({ ...errorCodes, ...reasonCodes, ...findingCodes })) {
    expect({ code, meaning, action }).toEqual({
      code,
      meaning: expect.stringMatching(/^.{15,}\.$/),
      action: expect.stringMatching(/^.{8,}\.$/),
    });
  }
});

it("spells codes in snake_case, as all JSON", () => {
  expect(codes.filter((code) => !/^[a-z][a-z0-9_]+$/.test(code))).toEqual([]);
});
