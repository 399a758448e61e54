import { execFile, execFileSync } from "node:child_process";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { scratchFolder } from "../../support/scratch.ts";

const script = join(import.meta.dirname, "..", "..", "..", "scripts", "release");

// What GitHub and npm keep, as one file each; like them, neither takes the same release or version twice.
const gh = `#!/bin/bash
cd "$SERVICES"
case "$1 $2" in
"auth setup-git") ;;
"release view") [ -f "release-$3" ] || exit 1; [ "$#" = 3 ] || { grep -q draft "release-$3" && echo true || echo false; } ;;
"release create") [ ! -f "release-$3" ] || exit 1; echo draft >"release-$3" ;;
"release upload") grep -q draft "release-$3" || exit 1; printf '%s\\n' "\${@:4}" >"assets-$3" ;;
"release edit") echo published >"release-$3" ;;
*) exit 64 ;;
esac
`;
const npm = `#!/bin/bash
cd "$SERVICES"
case "$1" in
view) [ ! -f "npm-$2" ] || echo here ;;
publish) [ ! -f npm-is-down ] || exit 1; name="mlops-actions@$(basename "$2" .tgz | sed 's/mlops-actions-//')"; [ ! -f "npm-$name" ] || exit 1; touch "npm-$name" ;;
*) exit 64 ;;
esac
`;

/** A clone of a source repository whose remote is a bare one, with stand-ins for gh and npm. */
async function aProject() {
  const folder = await scratchFolder();
  const [remote, clone, services, bin] = ["remote", "clone", "services", "bin"].map((name) => join(folder, name));
  if (!remote || !clone || !services || !bin) throw new Error("four folders");
  for (const place of [clone, services, bin]) await mkdir(place);
  for (const [name, text] of Object.entries({ gh, npm })) {
    await writeFile(join(bin, name), text);
    await chmod(join(bin, name), 0o755);
  }
  execFileSync("git", ["init", "--quiet", "--bare", remote]);
  const git = (...args: string[]) => execFileSync("git", args, { cwd: clone, encoding: "utf8" }).trim();
  git("init", "--quiet", "--initial-branch=main");
  git("remote", "add", "origin", remote);
  for (const name of ["workflows-templates", "actions"]) await mkdir(join(clone, name));
  await writeFile(join(clone, "README.md"), "uses: mlops-actions/mlops-actions/actions/setup@v1\n");
  await writeFile(join(clone, ".gitignore"), "dist/\n*.gz\n*.tgz\n");
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, SERVICES: services };
  return {
    services,
    /** Commits a version to main, as people do. Returns the source commit. */
    async commit(version: string): Promise<string> {
      await writeFile(join(clone, "package.json"), JSON.stringify({ version }));
      git("add", "--all");
      git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", `--message=${version}`);
      git("push", "--quiet", "origin", "HEAD:refs/heads/main");
      return git("rev-parse", "HEAD");
    },
    /** Runs the script with bundles that say `text`. */
    async release(version: string, text: string) {
      await mkdir(join(clone, "dist"), { recursive: true });
      await writeFile(join(clone, "dist", "index.js"), text);
      execFileSync("tar", ["-czf", "dist.tar.gz", "dist"], { cwd: clone });
      return promisify(execFile)("bash", [script, "dist.tar.gz", `mlops-actions-${version}.tgz`], { cwd: clone, env });
    },
    /** The remote's answer. */
    remote: (...args: string[]) => execFileSync("git", args, { cwd: remote, encoding: "utf8" }).trim(),
  };
}

it("tags the commit that holds the bundles, and forwards the line without losing an earlier release", async () => {
  const { commit, release, remote, services } = await aProject();
  const first = await commit("1.0.0");
  await release("1.0.0", "one");
  expect(remote("show", "v1.0.0:dist/index.js")).toBe("one");
  expect(remote("show", "v1:dist/index.js")).toBe("one");
  expect(remote("rev-parse", "v1.0.0^1")).toBe(first);
  const pinned = remote("rev-parse", "v1.0.0");

  const second = await commit("1.1.0");
  await release("1.1.0", "two");
  expect(remote("show", "refs/heads/v1:dist/index.js")).toBe("two");
  expect(remote("rev-parse", "v1.1.0", "v1.1.0^1", "v1.1.0^2").split("\n")).toEqual([
    remote("rev-parse", "refs/heads/v1"),
    pinned,
    second,
  ]);
  expect(remote("rev-parse", "v1.0.0")).toBe(pinned);
  expect(remote("ls-tree", "--name-only", "main")).not.toContain("dist");
  expect(await readFile(join(services, "release-v1.1.0"), "utf8")).toBe("published\n");
  expect(await readFile(join(services, "assets-v1.1.0"), "utf8")).toContain("dist.tar.gz\nmlops-actions-1.1.0.tgz\n");
});

it("goes on where it stopped, and changes nothing when all is done", async () => {
  const { commit, release, remote, services } = await aProject();
  await commit("1.0.0");
  await writeFile(join(services, "npm-is-down"), "");
  await expect(release("1.0.0", "one")).rejects.toMatchObject({ code: 1 });
  const tagged = remote("rev-parse", "v1.0.0");
  // Nobody who names v1 gets what npm does not have.
  expect(remote("branch", "--list", "v1")).toBe("");

  execFileSync("rm", [join(services, "npm-is-down")]);
  await release("1.0.0", "one");
  await release("1.0.0", "one");
  expect(remote("rev-parse", "v1.0.0", "refs/heads/v1").split("\n")).toEqual([tagged, tagged]);
  expect(await readFile(join(services, "release-v1.0.0"), "utf8")).toBe("published\n");
});

it("does not take the line back when an earlier release is started again", async () => {
  const { commit, release, remote } = await aProject();
  await commit("1.0.0");
  await release("1.0.0", "one");
  await commit("1.1.0");
  await release("1.1.0", "two");
  const newest = remote("rev-parse", "refs/heads/v1");
  await commit("1.0.0");
  await release("1.0.0", "one");
  expect(remote("rev-parse", "refs/heads/v1")).toBe(newest);
});

it("does not release other files under a version that is out", async () => {
  const { commit, release, remote } = await aProject();
  await commit("1.0.0");
  await release("1.0.0", "one");
  const tagged = remote("rev-parse", "v1.0.0");
  await expect(release("1.0.0", "other")).rejects.toMatchObject({
    stderr: expect.stringContaining("v1.0.0 is out already, with other files: raise the version in package.json"),
  });
  expect(remote("rev-parse", "v1.0.0")).toBe(tagged);
});

it.each([
  ["0.1.0", "package.json says 0.1.0, a release of v0, but README.md, workflows-templates/ and actions/ name v1"],
  ["1.0.0-rc.1", "only X.Y.Z is released"],
])("pushes nothing for version %s, which users could not name", async (version, reason) => {
  const { commit, release, remote } = await aProject();
  await commit(version);
  await expect(release(version, "one")).rejects.toMatchObject({ stderr: expect.stringContaining(reason) });
  expect(remote("for-each-ref", "--format=%(refname)")).toBe("refs/heads/main");
});
