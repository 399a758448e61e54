import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { UserError } from "../../../src/kit/user-error.ts";
import { foldedName, placeOf, unsafeName } from "../../../src/scoring/artifact-names.ts";
import { type ArtifactLimits, artifactLimits, unpackArtifact } from "../../../src/scoring/unpack-artifact.ts";
import { fc } from "../../support/properties.ts";
import { scratchFolder } from "../../support/scratch.ts";
import { type ZipEntry, zipBytes } from "../../support/zip.ts";

const good: ZipEntry = { name: "income/model/model.json", content: Buffer.from("{}") };

let written: readonly string[];

async function unpack(archive: Buffer, limits: Partial<ArtifactLimits> = {}) {
  const folder = await scratchFolder();
  const path = join(folder, "artifact.zip");
  await writeFile(path, archive);
  const into = join(folder, "into");
  await mkdir(into);
  const request = {
    archive: path,
    shown: "artifact.zip",
    model: "income",
    into,
    limits: { ...artifactLimits, ...limits },
  };
  try {
    return { into, paths: await unpackArtifact(request) };
  } finally {
    written = await readdir(into);
  }
}

/** Why it was refused before anything was written. */
async function refusedWhole(archive: Buffer, limits: Partial<ArtifactLimits> = {}): Promise<string> {
  const told = await refusal(archive, limits);
  expect(written).toEqual([]);
  return told;
}

async function refusal(archive: Buffer, limits: Partial<ArtifactLimits> = {}): Promise<string> {
  try {
    await unpack(archive, limits);
  } catch (error) {
    if (error instanceof UserError && error.code === "artifact_refused") return error.message;
    throw error;
  }
  return "it was taken";
}

const withEntry = (entry: Partial<ZipEntry>) =>
  zipBytes([good, { name: "income/model/x.bin", content: Buffer.from("x"), ...entry }]);

describe("a run's artifact", () => {
  it("is unpacked into the model's run folder, with the files of other models left out", async () => {
    const other = { name: "churn/model/model.json", content: Buffer.from("other") };
    const { into, paths } = await unpack(
      zipBytes([good, other, { name: "income/evaluate.outcome.json", content: Buffer.from("[]") }]),
    );
    expect(paths).toEqual(["evaluate.outcome.json", "model/model.json"]);
    expect(await readFile(join(into, "model", "model.json"), "utf8")).toBe("{}");
    expect((await readdir(into, { recursive: true })).sort()).toEqual([
      "evaluate.outcome.json",
      "model",
      "model/model.json",
    ]);
  });

  it.each([["model/model.json"], [".mlops/income/model/model.json"]])("may begin elsewhere: %s", async (name) => {
    expect((await unpack(zipBytes([{ ...good, name }]))).paths).toEqual(["model/model.json"]);
  });

  it("gives files that nobody runs and only this user reads", async () => {
    const { into } = await unpack(withEntry({ mode: 0o100755 }));
    expect((await stat(join(into, "model", "x.bin"))).mode & 0o777).toBe(0o600);
  });
});

describe("an artifact is refused, and nothing of it is written,", () => {
  it.each<[string, string]>([
    ["../evil", "invalid relative path"],
    ["income/model/../../../evil", "invalid relative path"],
    ["/etc/passwd", "absolute path"],
    ["C:/evil", "absolute path"],
    ["income/model/x:stream", "names a drive"],
    ["income/model/a\u0000b", "control characters"],
    ["income//model/x", "empty part"],
    ["income/model/./x", "empty part"],
    ["income/model/x.", "ends in a dot"],
    ["income/model/a/b/c/d/e/f/g", "folders deep"],
    ["income/data/data.csv", "is no file of a run"],
    ["income/.git/hooks/post-checkout", "is no file of a run"],
    ["package.json", "is no file of a run"],
  ])("for the name %j", async (name, why) => {
    expect(await refusedWhole(withEntry({ name }))).toContain(why);
  });

  it("for a backslash, which other programs take for a folder", async () => {
    expect(await refusedWhole(withEntry({ name: "income\\..\\..\\evil" }))).toMatch(
      /invalid characters in fileName|backslash/,
    );
  });

  it.each([
    ["a symbolic link", 0o120777],
    ["a device", 0o060600],
    ["a pipe", 0o010600],
    ["a socket", 0o140600],
  ])("for %s", async (_, mode) => {
    expect(await refusedWhole(withEntry({ mode, content: Buffer.from("/etc/passwd") }))).toContain(
      "is a link, a device",
    );
  });

  it("for a file that runs as its owner", async () => {
    expect(await refusedWhole(withEntry({ mode: 0o104755 }))).toContain("special permissions");
  });

  it.each([["income/model/x.bin"], ["income/model/X.BIN"]])("for two entries with one name: %s", async (name) => {
    const x = { name: "income/model/x.bin", content: Buffer.from("x") };
    expect(await refusedWhole(zipBytes([x, { ...x, name }]))).toContain("two entries are named");
  });

  it("for a file inside a file", async () => {
    const nested = { name: "income/model/x.bin/y", content: Buffer.from("y") };
    expect(await refusedWhole(zipBytes([{ ...nested, name: "income/model/x.bin" }, nested]))).toContain(
      "lies in a file",
    );
  });

  it("for what it would unpack to: a bomb of 10 GB in 10 MB, by its own words", async () => {
    const bomb = { packed: Buffer.alloc(10_000), claimedBytes: 4_000_000_000 };
    expect(await refusedWhole(withEntry(bomb))).toContain("which no evidence does");
    const many = Array.from({ length: 3 }, (_, at) => ({ ...good, ...bomb, name: `income/model/${at}.bin` }));
    expect(await refusedWhole(zipBytes(many), { ratio: 1e9 })).toContain("unpacks to more than");
  });

  it("for text that would not fit into memory", async () => {
    const huge = {
      name: "income/evaluation/evaluation.json",
      packed: Buffer.alloc(1_000_000),
      claimedBytes: 100_000_000,
    };
    expect(await refusedWhole(withEntry(huge))).toContain("are allowed");
  });

  it("for entries that share their bytes (a bomb without recursion)", async () => {
    const kernel = { name: "income/model/0.bin", content: Buffer.alloc(500_000), packed: Buffer.alloc(900_000) };
    const shares = Array.from({ length: 9 }, (_, at) => ({ ...kernel, name: `income/model/${at + 1}.bin`, offset: 0 }));
    expect(await refusedWhole(zipBytes([kernel, ...shares]))).toContain("they overlap");
  });

  it("for a million entries, before the first is read", async () => {
    const archive = zipBytes([good], 60_000);
    expect(await refusedWhole(archive)).toContain("60000 entries");
    const begin = performance.now();
    expect(await refusedWhole(zip64(1_000_000))).toContain("1000000 entries");
    expect(performance.now() - begin).toBeLessThan(2_000);
  });

  it("for encryption and for other ways of packing", async () => {
    expect(await refusedWhole(withEntry({ flags: 1 }))).toContain("is encrypted");
    const archive = withEntry({});
    archive.writeUInt16LE(12, archive.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 10);
    expect(await refusedWhole(archive)).toContain("packed in a way");
  });
});

describe("an artifact whose author lied is refused while it is read:", () => {
  it("more bytes than the directory says", async () => {
    const content = Buffer.alloc(50_000, "a");
    expect(await refusal(withEntry({ content, claimedBytes: 100 }))).toContain("cannot be read");
  });

  it("fewer bytes", async () => {
    expect(await refusal(withEntry({ claimedBytes: 1000 }))).toContain("cannot be read");
  });

  it("another checksum", async () => {
    expect(await refusal(withEntry({ claimedCrc: 1 }))).toContain("its checksum is another");
  });

  it("bytes that are no deflate stream", async () => {
    expect(await refusal(withEntry({ packed: Buffer.from("no stream at all") }))).toContain("cannot be read");
  });

  it("an end that is missing, wherever it was cut", async () => {
    const archive = zipBytes([good, { name: "income/model/x.bin", content: Buffer.from("y".repeat(1000)) }]);
    for (let length = 0; length < archive.length; length += 7) {
      expect(await refusal(archive.subarray(0, length)), `cut at ${length}`).toContain("cannot be read");
    }
  });

  it("any byte of it changed: refused, or unpacked to what it says", async () => {
    const archive = zipBytes([good, { name: "income/model/x.bin", content: Buffer.from("abc".repeat(50)) }]);
    const changes = fc.tuple(fc.nat(archive.length - 1), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(changes, async ([at, by]) => {
        const changed = Buffer.from(archive);
        changed[at] = (changed[at] ?? 0) ^ by;
        const told = await refusal(changed);
        expect(told === "it was taken" || told.startsWith("the artifact is refused")).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});

it("says in its own words that there is no artifact", async () => {
  const request = { archive: "/nowhere/a.zip", shown: "a.zip", model: "m", into: "/nowhere" };
  await expect(unpackArtifact(request)).rejects.toMatchObject({ code: "file_missing", where: "a.zip" });
});

describe("names", () => {
  it("that are safe and have a place stay inside the folder, whatever they are", () => {
    const part = fc.oneof(fc.constantFrom("..", ".", "", "model", "income", ".mlops", "C:", "a\\b"), fc.string());
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const path = parts.join("/");
        if (unsafeName(path) !== null) return;
        const place = placeOf(path);
        if (place !== null) expect(join("/into", place.path).startsWith("/into/")).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it("with an accent are one name, composed or not", () => {
    expect(foldedName("model/\u00e9")).toBe(foldedName("model/E\u0301"));
  });
});

/** An end of a ZIP64 directory that promises `entries`. */
function zip64(entries: number): Buffer {
  const end = Buffer.alloc(56 + 20 + 22);
  end.writeUInt32LE(0x06064b50, 0);
  end.writeBigUInt64LE(44n, 4);
  end.writeBigUInt64LE(BigInt(entries), 24);
  end.writeBigUInt64LE(BigInt(entries), 32);
  end.writeUInt32LE(0x07064b50, 56);
  end.writeBigUInt64LE(0n, 64);
  end.writeUInt32LE(0x06054b50, 76);
  end.fill(0xff, 84, 96);
  return end;
}
