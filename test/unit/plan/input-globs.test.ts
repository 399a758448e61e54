import { expect, it } from "vitest";
import { inputTest } from "../../../src/plan/input-globs.ts";
import { changed } from "../../support/builders/plan.ts";

/** The glob by which a path is an input of the model in models/income. */
function glob(path: string, globs: readonly string[], isLink = false): string | null {
  return inputTest({ folder: "models/income", globs })(changed(path, { isLink }));
}

it.each([
  ["models/income/train/a/deep.py", ["train/**"], "train/**"],
  ["models/income/train", ["train/**"], "train/**"],
  ["models/income/.hidden/x", ["**"], "**"],
  ["models/income/train.py", ["./train.py"], "./train.py"],
  ["models/income/a.py", ["*.{py,sql}"], "*.{py,sql}"],
  ["models/income/deep/a.py", ["*.py"], null],
  ["models/churn/train/a.py", ["train/**"], null],
  ["train/a.py", ["train/**"], null],
  ["models/income2/train/a.py", ["train/**"], null],
  ["shared/features/a.py", ["../../shared/**"], "../../shared/**"],
  ["models/shared.py", ["../shared.py"], "../shared.py"],
  ["models/income/shared.py", ["train/../shared.py"], "train/../shared.py"],
  ["etc/passwd", ["../../../etc/passwd", "/etc/passwd"], null],
  ["models/income/train/__pycache__/main.cpython-313.pyc", ["train/**"], "train/**"],
  ["models/income/train/node_modules/x/a.js", ["train/**"], "train/**"],
])("takes %s for an input by %j: %j", (path, globs, expected) => {
  expect(glob(path, globs)).toBe(expected);
});

it("takes a path that is spelt as the glob for an input, whatever its characters would match", () => {
  expect(glob("models/income/features[1].sql", ["features[1].sql"])).toBe("features[1].sql");
});

it("works in a folder whose name has the characters of globs", () => {
  const test = inputTest({ folder: "models/[a]*", globs: ["train/**"] });
  expect([test(changed("models/[a]*/train/x.py")), test(changed("models/a/train/x.py"))]).toEqual(["train/**", null]);
});

it("leaves out what a glob with ! names, wherever it stands in the list", () => {
  const globs = ["!train/notes/**", "train/**"];
  expect(glob("models/income/train/notes/today.md", globs)).toBe(null);
  expect(glob("models/income/train/a.py", globs)).toBe("train/**");
});

it.each([
  ["models/income/train", ["train/*.py"], "train/*.py"],
  ["models/income/train/sub", ["train/*/x.py"], "train/*/x.py"],
  ["models/income/lib", ["**/*.py"], "**/*.py"],
  ["models/income/lib", ["{lib,train}/x.py"], "{lib,train}/x.py"],
  ["shared", ["../../shared/code/*.py"], "../../shared/code/*.py"],
  ["models/income/lib", ["*.py"], null],
  ["models/income/lib", ["train/**"], null],
  ["models/churn/lib", ["**"], null],
])(
  "takes the link or submodule %s for an input by %j, since what lies behind it has no path here: %j",
  (path, globs, expected) => {
    expect(glob(path, globs, true)).toBe(expected);
  },
);
