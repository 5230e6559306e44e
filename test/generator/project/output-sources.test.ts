import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Result } from "../../../generator/pipeline/result.ts";
import { loadSources } from "../../../generator/project/load-sources.ts";
import { putFiles, temporaryFolder } from "../../support/temporary-folder.ts";

const folders = { schemas: "schemas", generated: "generated" };

function referring(...refs: readonly string[]): string {
  const columns = refs.map((ref, index): [string, unknown] => [`c${index}`, { $ref: ref }]);
  return JSON.stringify({ properties: Object.fromEntries(columns) });
}

async function paths(root: string, options = folders): Promise<unknown> {
  const outcome = await loadSources(root, options);
  return outcome.ok ? Object.keys(outcome.value) : outcome.errors;
}

function describeResult(outcome: Result<unknown>): string {
  if (outcome.ok) return "no problem";
  return outcome.errors.map(({ message, hint }) => `${message} → ${hint}`).join("\n");
}

describe("reading the sources of a project", () => {
  it("takes the specs in the folder and below, by ordered paths", async () => {
    const root = temporaryFolder({
      "schemas/b.feature.json": "{}",
      "schemas/a/z.feature.json": "{}",
      "schemas/a/notes.md": "",
      "schemas/shared.json": "{}",
      "schemas/node_modules/x/x.feature.json": "{}",
      "schemas/.hidden/x.feature.json": "{}",
      "other/x.feature.json": "{}",
    });
    expect(await paths(root)).toEqual(["schemas/a/z.feature.json", "schemas/b.feature.json"]);
  });

  it("follows references to other files, in the folder and out of it, and in circles", async () => {
    const parent = temporaryFolder({
      "types/outside.json": referring("more/e.json"),
      "types/more/e.json": "{}",
      "project/schemas/a.feature.json": referring(
        "b.json#/$defs/x",
        "../shared/c.json",
        "../../types/outside.json",
        "#/$defs/own",
        "https://example.com/remote.json",
      ),
      "project/schemas/b.json": referring("a.feature.json", "../shared/c.json#/$defs/y"),
      "project/shared/c.json": referring("d.json", "missing.json", "%00.json", "../shared", ""),
      "project/shared/d.json": "not JSON, with a $ref",
    });
    expect(await paths(join(parent, "project"))).toEqual([
      "schemas/a.feature.json",
      "schemas/b.json",
      "shared/c.json",
      "../types/outside.json",
      "shared/d.json",
      "../types/more/e.json",
    ]);
  });

  it("leaves the modules out where they lie below the specs", async () => {
    const root = temporaryFolder({ "src/a.feature.json": "{}", "src/generated/b.feature.json": "{}" });
    expect(await paths(root, { schemas: "src", generated: "src/generated" })).toEqual(["src/a.feature.json"]);
  });

  it("follows links to files and folders, each folder once", async () => {
    const elsewhere = temporaryFolder({ "far.feature.json": "{}", "one.json": "{}" });
    const root = temporaryFolder({ "schemas/a.feature.json": "{}" });
    symlinkSync(elsewhere, join(root, "schemas/linked"));
    symlinkSync(join(elsewhere, "one.json"), join(root, "schemas/one.feature.json"));
    symlinkSync(join(root, "schemas"), join(root, "schemas/loop"));
    expect(await paths(root)).toEqual([
      "schemas/a.feature.json",
      "schemas/linked/far.feature.json",
      "schemas/one.feature.json",
    ]);
  });

  it("does not see a byte order mark", async () => {
    const root = temporaryFolder({ "schemas/a.feature.json": "\uFEFF{}" });
    expect(await loadSources(root, folders)).toEqual({
      ok: true,
      value: { "schemas/a.feature.json": "{}" },
    });
  });
});

describe("sources that can't be read", () => {
  it("a folder that is not there", async () => {
    const root = temporaryFolder();
    expect(describeResult(await loadSources(root, folders)).replace(root, "ROOT")).toMatchInlineSnapshot(
      `"The folder schemas does not exist in ROOT. → Create it and put specs into it (files *.feature.json), or name the folder of the project with \`--cwd DIR\`."`,
    );
  });

  it("a folder that is further up", async () => {
    const root = temporaryFolder({ "schemas/a.feature.json": "{}", "src/deep/x.ts": "" });
    expect(describeResult(await loadSources(join(root, "src/deep"), folders))).toContain(
      `\`${root}\` has one: run the command there, or add \`--cwd ${root}\`.`,
    );
  });

  it("a file in its place", async () => {
    const root = temporaryFolder({ schemas: "" });
    expect(describeResult(await loadSources(root, folders))).toMatchInlineSnapshot(
      `"schemas is a file; it should be the folder of the specs. → undefined"`,
    );
  });

  it("a folder without specs", async () => {
    const root = temporaryFolder();
    mkdirSync(join(root, "schemas"));
    expect(describeResult(await loadSources(root, folders))).toMatchInlineSnapshot(
      `"schemas contains no specs: no file is named *.feature.json. → Write one, for example schemas/audio.feature.json."`,
    );
    putFiles(root, { "schemas/feature.schema.json": "{}", "schemas/audio.json": "{}" });
    expect(describeResult(await loadSources(root, folders))).toMatchInlineSnapshot(
      `"schemas contains no specs: no file is named *.feature.json. → If schemas/audio.json is a spec, rename it to schemas/audio.feature.json."`,
    );
  });

  it("a link that leads nowhere, a text in another encoding, a huge file: all at once", async () => {
    const root = temporaryFolder({ "schemas/a.feature.json": "{}" });
    symlinkSync("nowhere", join(root, "schemas/b.feature.json"));
    writeFileSync(join(root, "schemas/c.feature.json"), Buffer.from("\uFEFF{}", "utf16le"));
    writeFileSync(join(root, "schemas/d.feature.json"), "");
    truncateSync(join(root, "schemas/d.feature.json"), 3 * 1024 ** 3);
    expect(describeResult(await loadSources(root, folders))).toMatchInlineSnapshot(`
      "schemas/b.feature.json is a broken symbolic link. → Remove or fix it.
      schemas/c.feature.json is not UTF-8 text. → Open it in an editor and save it in the encoding UTF-8.
      schemas/d.feature.json has 3072 MB, which is too large for a spec or a config. → undefined"
    `);
  });
});
