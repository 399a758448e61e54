import { expect, it } from "vitest";
import { speakers } from "../../../src/cli/speakers.ts";

/** The sayings of a command line such as `comment a as rita`. */
function said(line: string) {
  const script = speakers();
  const words = line.split(" ");
  for (let at = 0; at < words.length; at += 2) {
    const value = words[at + 1] ?? "";
    if (words[at] === "as") script.as(value);
    else script.comment(value);
  }
  return script.sayings().map(({ as, body }) => `${as}: ${body}`);
}

it.each([
  ["comment a comment b", ["reviewer: a", "reviewer: b"]],
  ["comment a as rita", ["rita: a"]],
  ["as rita comment a comment b", ["rita: a", "rita: b"]],
  ["comment a as rita comment b as hubot comment c comment d", ["reviewer: a", "rita: b", "hubot: c", "hubot: d"]],
])("takes %s as one expects", (line, sayings) => {
  expect(said(line)).toEqual(sayings);
});
