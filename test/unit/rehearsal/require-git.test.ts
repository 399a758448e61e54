import { expect, it } from "vitest";
import { requireGit } from "../../../src/rehearsal/git/require-git.ts";

it.each([
  "git version 2.38.0",
  "git version 2.51.1.windows.1",
  "git version 3.0.0",
  "git version 2.39.5 (Apple Git-154)",
])("takes %s", (said) => {
  expect(() => requireGit(said)).not.toThrow();
});

it("refuses a git that cannot merge without a work tree, and no git, and says what to install", () => {
  const refused = (message: string) =>
    expect.objectContaining({
      code: "git_unfit",
      message: expect.stringContaining(message),
      fix: "install git 2.38 or newer",
    });
  expect(() => requireGit("git version 2.34.1\n")).toThrow(refused("cannot use git version 2.34.1"));
  expect(() => requireGit(null)).toThrow(refused("none on PATH"));
});
