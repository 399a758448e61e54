import { expect, it } from "vitest";
import { exitCodeOf, worstVerdict } from "../../../src/kit/exit-code.ts";

it("ends with the codes that scripts may rely on", () => {
  expect((["pass", "skipped", "fail", "inconclusive", "pending"] as const).map(exitCodeOf)).toEqual([0, 0, 1, 3, 4]);
});

it("is as bad as the worst step", () => {
  expect(worstVerdict(["pass", "inconclusive", "fail"])).toBe("fail");
  expect(worstVerdict(["pass", "inconclusive", "pending"])).toBe("pending");
  expect(worstVerdict(["pass", "inconclusive"])).toBe("inconclusive");
  expect(worstVerdict(["skipped", "pass"])).toBe("pass");
  expect(worstVerdict([])).toBe("skipped");
});
