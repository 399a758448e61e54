import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readClone } from "../../../../src/rehearsal/rehearse/clone.ts";
import { aClone, aRepository } from "../../../support/builders/repository.ts";
import { scratchFolder } from "../../../support/scratch.ts";

async function aBranch() {
  const repository = aRepository(join(await scratchFolder(), "My shop"));
  const main = repository.commit({ "a.txt": "1" });
  repository.git("switch", "--quiet", "--create", "try");
  return { repository, main, head: repository.commit({ "a.txt": "2" }) };
}

it("takes the checked-out branch for the pull request and main for its base", async () => {
  const { repository, main, head } = await aBranch();
  expect(readClone(repository.folder, undefined)).toMatchObject({
    owner: "acme",
    name: "My-shop",
    base: { branch: "main", sha: main },
    head: { branch: "try", sha: head, subject: "change" },
  });
});

it("compares a default branch that is checked out with what origin has of it", async () => {
  const { repository, main } = await aBranch();
  repository.git("switch", "--quiet", "main");
  const clone = aClone(repository.folder, join(await scratchFolder(), "clone"));
  const head = clone.commit({ "b.txt": "1" });
  expect(readClone(clone.folder, undefined)).toMatchObject({
    base: { branch: "main", sha: main },
    head: { branch: "change", sha: head },
  });
});

it.each([
  ["https://github.com/shop/churn.git", "shop", "churn"],
  ["git@github.com:shop/churn", "shop", "churn"],
])("names the repository as origin %s does", async (address, owner, name) => {
  const { repository } = await aBranch();
  repository.git("remote", "add", "origin", address);
  expect(readClone(repository.folder, undefined)).toMatchObject({ owner, name });
});

it("says what is missing: a clone, a branch, a commit of one's own, the history", async () => {
  const { repository, main } = await aBranch();
  expect(() => readClone("/", undefined)).toThrow("works in a clone");
  expect(() => readClone(repository.folder, "gone")).toThrow("no branch gone");
  const shallow = aClone(repository.folder, join(await scratchFolder(), "shallow"), "--depth=1");
  expect(() => readClone(shallow.folder, undefined)).toThrow("only a part of the history");
  repository.git("checkout", "--quiet", main);
  expect(() => readClone(repository.folder, undefined)).toThrow("main has every commit of HEAD");
});

it("refuses a folder of rehearsals that came with a commit: a link there would have another folder emptied", async () => {
  const { repository } = await aBranch();
  mkdirSync(join(repository.folder, ".mlops"));
  symlinkSync("../..", join(repository.folder, ".mlops", "rehearsal"));
  repository.commit({});
  expect(() => readClone(repository.folder, undefined)).toThrow(/the run folder is committed/);
});
