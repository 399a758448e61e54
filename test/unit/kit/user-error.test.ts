import { expect, it } from "vitest";
import { describeUserError, UserError, UserErrors } from "../../../src/kit/user-error.ts";

const error = (message: string) =>
  new UserError({ code: "file_missing", message, where: "model.yml:3:5", fix: "write one" });

it("says place, what happened, code and fix", () => {
  expect(describeUserError(error("there is no file a.csv"))).toBe(
    "model.yml:3:5: there is no file a.csv [file_missing]\n  fix: write one",
  );
});

it("lets no value of a user's file recolour the terminal or begin a line of its own", () => {
  const text = describeUserError(
    error("the column \u001b[31mred\u001b[0m\n::set-output name=verdict::pass is missing"),
  );
  expect(text.split("\n")).toHaveLength(2);
  expect(text).not.toContain("\u001b");
});

it("keeps the original error as its cause", () => {
  const cause = new Error("ENOENT");
  expect(new UserError({ code: "file_missing", message: "m", where: null, fix: "f", cause }).cause).toBe(cause);
});

it("tells several mistakes at once", () => {
  expect(new UserErrors([error("one"), error("two")]).message).toMatch(/one.*\n.*\n.*two/);
});

it("names the place once where the message begins with it", () => {
  const where = "--label";
  const text = (message: string) =>
    describeUserError(new UserError({ code: "input_invalid", message, where, fix: "f" }));
  expect(text("--label is not given")).toMatch(/^--label is not given/);
  expect(text("--label: there is no column")).toMatch(/^--label: there is/);
  expect(text("--labels is none")).toMatch(/^--label: --labels is none/);
});
