import { expect, it } from "vitest";
import { onceUnlessFailed } from "../../../src/kit/once.ts";

it("does the work once for all who ask, before and after it is done", async () => {
  let calls = 0;
  const ask = onceUnlessFailed(async () => {
    calls += 1;
    return calls;
  });
  expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
  expect(await ask()).toBe(1);
});

it("tries again after a failure", async () => {
  let calls = 0;
  const ask = onceUnlessFailed(async () => {
    calls += 1;
    if (calls === 1) throw new Error("no network");
    return calls;
  });
  await expect(ask()).rejects.toThrow("no network");
  expect(await ask()).toBe(2);
});
