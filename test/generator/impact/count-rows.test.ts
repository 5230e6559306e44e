import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeAll, describe, expect, it } from "vitest";
import { addRowCounts, diffManifests, type RowCounts } from "../../../generator/diff/index.ts";
import { buildManifest, type Manifest } from "../../../generator/manifest/index.ts";
import { openStore } from "../../../runtime/duckdb/index.ts";
import type { AnyFeature, Store } from "../../../runtime/index.ts";
import { compileEdited } from "../../pipelines/compile-edited.ts";
import { documents } from "../../pipelines/documents.ts";
import { runSteps } from "../../pipelines/run-steps.ts";
import { buildSpec, integer, maybeText, text } from "../../support/build-spec.ts";
import { type CompiledSpecs, compileSpecs } from "../../support/compile-specs.ts";
import { countRowsAt } from "../../support/count-rows.ts";
import { freshCopy, freshPath } from "../../support/fresh-path.ts";
import { loadProject } from "../../support/load-project.ts";
import { untyped } from "../../support/untyped.ts";
import { readVectors, vectorsFolder } from "../../support/vectors.ts";

/** The rows of each feature as short text: `new stale orphaned untouched`, `<=` for an upper bound, `+` for incomplete. */
async function count(
  specs: readonly object[],
  path: string,
  { before, hashLength = 64 }: { readonly before?: readonly object[]; readonly hashLength?: number } = {},
): Promise<Record<string, string>> {
  const project = compileSpecs(specs, { hashLength });
  const past = before === undefined ? {} : { before: manifestOf(compileSpecs(before, { hashLength })) };
  const { rows, refused } = await countRowsAt({ ...project, ...past }, { path });
  const counted = [...rows].map(([key, counts]) => {
    const numbers = [counts.new, counts.stale, counts.orphaned, counts.upToDate].join(" ");
    return [key, `${counts.upperBound ? "<= " : ""}${numbers}${counts.incomplete ? " +" : ""}`];
  });
  return Object.fromEntries([...counted, ...[...refused].map(([key, error]) => [key, error.code])]);
}

function manifestOf({ model, versions, hashLength }: CompiledSpecs): Manifest {
  return buildManifest(model, versions, { project: "test", hashLength });
}

/** A store in which the features of some specs have run. */
async function storeOf(
  specs: readonly object[],
  run: (store: Store, features: Readonly<Record<string, AnyFeature>>) => Promise<void>,
): Promise<string> {
  const path = await freshPath();
  await using store = await openStore(path);
  await run(store, loadProject(specs, { hashLength: 64 }));
  return path;
}

/** Answers all that is new or stale with what `answer` makes of each row. */
async function runFeature(
  store: Store,
  feature: AnyFeature | undefined,
  worker: (row: Readonly<Record<string, unknown>>) => object | readonly object[],
): Promise<void> {
  if (feature === undefined) throw new Error("no such feature");
  await using increment = await store.resolve(feature);
  const rows = [...(await increment.new.toArray()), ...(await increment.stale.toArray())];
  const byGrain = new Map(
    (rows as object[] as Record<string, unknown>[]).map((row) => [
      JSON.stringify(feature.plan.grain.map((column) => row[column])),
      row,
    ]),
  );
  await increment.write(untyped([...byGrain.values()].flatMap(worker)));
}

describe("countRows of the expansion pipeline", () => {
  const sources = async (codeVersion: string): Promise<object[]> => {
    const folder = new URL("../../../schemas/expansion/", import.meta.url);
    const texts = await Promise.all(
      (await readdir(folder)).map((file) => readFile(new URL(file, folder), "utf8")),
    );
    return texts.map((spec) =>
      JSON.parse(spec.replace('"codeVersion": "1"', `"codeVersion": "${codeVersion}"`)),
    );
  };
  let path = "";

  beforeAll(async () => {
    path = await freshPath();
    await using store = await openStore(path);
    const document = documents.find(({ name }) => name === "expansion");
    if (document === undefined) throw new Error("no expansion pipeline");
    await runSteps(
      { ...document, steps: document.steps.slice(0, 1) },
      {
        store,
        generated: (edits) => compileEdited(["expansion"], 8, edits),
        begin: () => undefined,
        print: () => undefined,
      },
    );
  });

  it("finds nothing to do where nothing was edited", async () => {
    expect(await count(await sources("1"), path, { hashLength: 8 })).toEqual({
      "video/raw": "0 0 0 3",
      "video/chunk": "0 0 0 3",
      "video/faces": "0 0 0 11",
    });
  });

  it("foresees that a bump of audio cuts the videos again, and that faces stay", async () => {
    expect(await count(await sources("2"), path, { hashLength: 8 })).toEqual({
      "video/raw": "3 0 0 0",
      "video/chunk": "<= 3 0 0 0",
      "video/faces": "<= 0 0 0 11",
    });
  });

  it("takes the samples of a longer hash for new ones", async () => {
    expect(await count(await sources("1"), path, { hashLength: 64 })).toEqual({
      "video/raw": "3 0 0 0",
      "video/chunk": "<= 3 0 0 0",
      "video/faces": "<= 11 0 0 0",
    });
  });

  it("leaves no trace: the same bytes, and no file beside", async () => {
    const bytes = async () =>
      createHash("sha256")
        .update(await readFile(path))
        .digest("hex");
    const before = await bytes();
    await count(await sources("2"), path, { hashLength: 8 });
    expect(await bytes()).toBe(before);
    expect(await readdir(dirname(path))).toEqual(["store.duckdb"]);
  });

  it("counts the rows of a removed feature as orphaned, by its unit of work", async () => {
    const before = await sources("1");
    const after = before.filter((spec) => JSON.stringify(spec).includes('"key":"video/raw"'));
    expect(await count(after, path, { hashLength: 8, before })).toEqual({
      "video/raw": "0 0 0 3",
      "video/chunk": "0 0 3 0",
      "video/faces": "0 0 11 0",
    });
  });
});

describe("addRowCounts", () => {
  it("puts rows into the features that were counted, as the published schema has them", async () => {
    const before = manifestOf(compileSpecs(speech(), { hashLength: 64 }));
    const after = manifestOf(compileSpecs(speech({ code: "2" }), { hashLength: 64 }));
    const counts = { new: 6, stale: 0, orphaned: 0, upToDate: 0 };
    const rows = new Map<string, RowCounts>([
      ["recording", counts],
      ["loudness", { ...counts, upperBound: true, incomplete: true }],
    ]);
    const diff = addRowCounts(diffManifests(before, after), { rows });
    expect(diff.features.map((feature) => [feature.key, feature.rows])).toEqual([
      ["loudness", rows.get("loudness")],
      ["profile", undefined],
      ["recording", counts],
    ]);
    const schema: object = createRequire(import.meta.url)("../../../schemas/diff.schema.json");
    const validate = new Ajv2020({ allErrors: true, strict: true }).compile(schema);
    expect(validate(JSON.parse(JSON.stringify(diff))) || validate.errors).toBe(true);
  });
});

/** Recordings → loudness of each → a profile of each speaker; and a note on each recording beside. */
function speech({
  code = "1",
  peak = "1",
  loudness = {},
  profile = {},
  more = [],
}: {
  readonly code?: string;
  readonly peak?: string;
  readonly loudness?: object;
  readonly profile?: object;
  readonly more?: readonly object[];
} = {}): object[] {
  return [
    buildSpec("recording", {
      columns: { id: text, speaker: text, seconds: integer },
      ids: ["id"],
      fields: [{ key: "sound", codeVersion: code }, "label"],
    }),
    buildSpec("loudness", {
      columns: { id: text, speaker: text, decibel: { type: ["integer", "null"] } },
      ids: ["id"],
      deps: [{ feature: "recording", ...loudness }],
      fields: [
        { key: "level", deps: [{ feature: "recording", fields: ["sound"] }] },
        { key: "peak", codeVersion: peak, deps: [{ feature: "recording", fields: ["sound"] }] },
      ],
    }),
    buildSpec("profile", {
      columns: { speaker: text, path: maybeText },
      ids: ["speaker"],
      deps: [{ feature: "loudness", lineage: { type: "aggregation", on: ["speaker"] }, ...profile }],
      fields: [{ key: "mean", deps: [{ feature: "loudness", fields: ["level"] }] }],
    }),
    ...more,
  ];
}

/** Six recordings of three speakers, the one with the number 5 not measured yet. */
const speechStore = () =>
  storeOf(speech(), async (store, { recording, loudness, profile }) => {
    const samples = Array.from({ length: 6 }, (_, n) => ({
      id: `r${n}`,
      speaker: `s${n % 3}`,
      seconds: n,
      metaxy_provenance_by_field: { sound: `sound ${n}`, label: `label ${n}` },
    }));
    await store.write(recording as AnyFeature, untyped(samples.slice(0, 5)));
    await runFeature(store, loudness, ({ id, speaker }) => ({
      id,
      speaker,
      decibel: Number(String(id).slice(1)),
    }));
    await runFeature(store, profile, ({ speaker }) => ({ speaker }));
    await store.write(recording as AnyFeature, untyped(samples.slice(5)));
  });

describe("countRows", () => {
  let path = "";

  beforeAll(async () => {
    path = await speechStore();
  });

  it("follows a pending change through an aggregation", async () => {
    expect(await count(speech(), path)).toEqual({
      recording: "0 0 0 6",
      loudness: "1 0 0 5",
      profile: "<= 0 1 0 2",
    });
  });

  it("follows a changed sample down, as far as it reaches", async () => {
    const changed = await freshCopy(path);
    {
      await using store = await openStore(changed);
      const { recording } = loadProject(speech(), { hashLength: 64 });
      const sample = { id: "r1", speaker: "s1", seconds: 1 };
      const byField = { sound: "louder", label: "label 1" };
      await store.write(
        recording as AnyFeature,
        untyped([{ ...sample, metaxy_provenance_by_field: byField }]),
      );
    }
    expect(await count(speech(), changed)).toEqual({
      recording: "0 0 0 6",
      loudness: "1 1 0 4",
      profile: "<= 0 2 0 1",
    });
  });

  it("says that more may come where nobody knows the group of a row yet", async () => {
    const more = [
      buildSpec("topic", {
        columns: { id: text, topic: text },
        ids: ["id"],
        deps: ["recording"],
        fields: ["x"],
      }),
      buildSpec("summary", {
        columns: { topic: text },
        ids: ["topic"],
        deps: [{ feature: "topic", lineage: { type: "aggregation", on: ["topic"] } }],
        fields: ["x"],
      }),
    ];
    expect(await count(speech({ more }), path)).toMatchObject({
      topic: "6 0 0 0",
      summary: "<= 0 0 0 0 +",
    });
  });

  it("brings all below a bumped field back as new, and what does not read it not at all", async () => {
    const label = buildSpec("label", {
      columns: { id: text },
      ids: ["id"],
      deps: ["recording"],
      fields: [{ key: "text", deps: [{ feature: "recording", fields: ["label"] }] }],
    });
    expect(await count(speech({ code: "2", more: [label] }), path)).toEqual({
      recording: "6 0 0 0",
      loudness: "<= 6 0 0 0",
      profile: "<= 3 0 0 0",
      label: "<= 6 0 0 0",
    });
  });

  it("resolves a changed filter exactly, and lets what it leaves out fall below", async () => {
    const loudness = { where: ["seconds >= 1"] };
    expect(await count(speech({ loudness }), path)).toEqual({
      recording: "0 0 0 6",
      loudness: "1 0 1 4",
      // The orphaned row is still there until somebody deletes it.
      profile: "<= 0 1 0 2",
    });
  });

  it("keeps rows of which a filter can't tell, since nothing of them was ever computed", async () => {
    expect(await count(speech({ profile: { where: ["decibel > 100"] } }), path)).toEqual({
      recording: "0 0 0 6",
      loudness: "1 0 0 5",
      profile: "<= 0 1 2 0",
    });
    expect(await count(speech({ profile: { where: ["NOT (decibel > 100) AND id != 'r5'"] } }), path)).toEqual(
      {
        recording: "0 0 0 6",
        loudness: "1 0 0 5",
        profile: "<= 0 0 0 3",
      },
    );
  });

  it("bounds what becomes of rows that were deleted and may come back otherwise", async () => {
    const optional = buildSpec("note", {
      columns: { id: text },
      ids: ["id"],
      deps: ["recording", { feature: "loudness", select: [], optional: true, where: ["decibel >= 0"] }],
      fields: [{ key: "x", deps: [{ feature: "loudness" }] }],
    });
    const specs = speech({ profile: { where: ["decibel >= 0"] }, more: [optional] });
    const deleted = await freshCopy(path);
    const features = loadProject(specs, { hashLength: 64 });
    const measure = (decibel: number) => async (store: Store) => {
      await runFeature(store, features["loudness"], ({ id, speaker }) => ({ id, speaker, decibel }));
    };
    {
      await using store = await openStore(deleted);
      await measure(1)(store);
      await runFeature(store, features["profile"], ({ speaker }) => ({ speaker }));
      await runFeature(store, features["note"], ({ id }) => ({ id }));
    }
    const instance = await DuckDBInstance.create(deleted);
    await (await instance.connect()).run("DELETE FROM loudness WHERE id IN ('r1', 'r2')");
    instance.closeSync();
    expect(await count(specs, deleted)).toEqual({
      recording: "0 0 0 6",
      loudness: "2 0 0 4",
      profile: "<= 0 2 0 1",
      note: "<= 0 2 0 4",
    });

    await using store = await openStore(deleted);
    await measure(-1)(store);
    for (const [key, stale] of [
      ["profile", 2],
      ["note", 2],
    ] as const) {
      await using increment = await store.resolve(features[key] as AnyFeature);
      expect(increment.counts).toMatchObject({ new: 0, stale });
    }
  });

  it("counts an added feature as new, an upper bound where something above has to run", async () => {
    const added = (upstream: string) =>
      buildSpec("added", { columns: { id: text }, ids: ["id"], deps: [upstream], fields: ["x"] });
    expect(await count(speech({ more: [added("recording")] }), path)).toMatchObject({ added: "6 0 0 0" });
    expect(await count(speech({ more: [added("loudness")] }), path)).toMatchObject({ added: "<= 6 0 0 0" });
  });

  it("says that more may come where parents have no children yet", async () => {
    const pieces = [
      buildSpec("piece", {
        columns: { id: text, piece: text },
        ids: ["piece"],
        deps: [{ feature: "recording", select: [], lineage: { type: "expansion", on: ["id"] } }],
        fields: ["x"],
      }),
      buildSpec("mark", { columns: { piece: text }, ids: ["piece"], deps: ["piece"], fields: ["x"] }),
    ];
    expect(await count(speech({ more: pieces }), path)).toMatchObject({
      piece: "6 0 0 0",
      mark: "<= 0 0 0 0 +",
    });
  });

  it("takes an optional dep for what it brings, or will bring", async () => {
    const both = (optional: boolean) =>
      buildSpec("both", {
        columns: { id: text },
        ids: ["id"],
        deps: ["recording", { feature: "loudness", select: [], optional }],
        fields: [{ key: "x", deps: [{ feature: "loudness" }] }],
      });
    const ran = await freshCopy(path);
    {
      await using store = await openStore(ran);
      const { both: feature } = loadProject(speech({ more: [both(true)] }), { hashLength: 64 });
      await runFeature(store, feature, ({ id }) => ({ id }));
    }
    expect(await count(speech({ more: [both(true)] }), ran)).toMatchObject({ both: "<= 0 1 0 5" });
    expect(await count(speech({ more: [both(false)] }), ran)).toMatchObject({ both: "<= 0 1 0 5" });
  });

  it("reaches the end of a diamond once", async () => {
    const more = [
      buildSpec("left", {
        columns: { id: text },
        ids: ["id"],
        deps: [{ feature: "loudness", select: [] }],
        fields: ["a"],
      }),
      buildSpec("right", {
        columns: { id: text },
        ids: ["id"],
        deps: [{ feature: "recording", select: [] }],
        fields: ["label"],
      }),
      buildSpec("end", {
        columns: { id: text },
        ids: ["id"],
        deps: ["left", "right"],
        fields: ["a", "label"],
      }),
    ];
    const ran = await freshCopy(path);
    {
      await using store = await openStore(ran);
      const features = loadProject(speech({ more }), { hashLength: 64 });
      for (const key of ["left", "right", "end"])
        await runFeature(store, features[key], ({ id }) => ({ id }));
    }
    expect(await count(speech({ more }), ran)).toMatchObject({
      left: "<= 1 0 0 5",
      right: "0 0 0 6",
      end: "<= 1 0 0 5",
    });
    expect(await count(speech({ more, code: "2" }), ran)).toMatchObject({
      recording: "6 0 0 0",
      left: "<= 6 0 0 0",
      right: "<= 0 0 0 6",
      end: "<= 6 0 0 0",
    });
  });

  it("refuses what rows without an id can't tell, and what stands below, and counts the rest", async () => {
    const [recording, loudness, profile] = speech();
    const renamed = JSON.parse(JSON.stringify(recording).replaceAll('"id"', '"uid"')) as object;
    const downstream = JSON.parse(JSON.stringify(loudness).replaceAll('"id"', '"uid"')) as object;
    const other = buildSpec("other", { columns: { id: text }, ids: ["id"], fields: ["x"] });
    expect(await count([renamed, downstream, profile as object, other], path)).toEqual({
      recording: "0 0 0 0 +",
      loudness: "null-id-stored",
      profile: "null-id-stored",
      other: "0 0 0 0 +",
    });
  });

  it("knows nothing of roots that were never written, and refuses what needs them", async () => {
    const empty = await storeOf([], async () => undefined);
    expect(await count(speech(), empty)).toEqual({
      recording: "0 0 0 0 +",
      loudness: "upstream-missing",
      profile: "upstream-missing",
    });
  });

  it("recognises a revert: rows of the old version count again", async () => {
    const reverted = await freshCopy(path);
    {
      await using store = await openStore(reverted);
      const { recording } = loadProject(speech({ code: "2" }), { hashLength: 64 });
      const samples = [
        {
          id: "r0",
          speaker: "s0",
          seconds: 0,
          metaxy_provenance_by_field: { sound: "sound 0", label: "label 0" },
        },
        {
          id: "r9",
          speaker: "s9",
          seconds: 9,
          metaxy_provenance_by_field: { sound: "sound 9", label: "label 9" },
        },
      ];
      await store.write(recording as AnyFeature, untyped(samples));
    }
    expect(await count(speech(), reverted)).toEqual({
      recording: "1 0 0 6",
      loudness: "<= 2 0 0 5",
      profile: "<= 1 1 0 2",
    });
  });

  it("keeps a data version that a writer supplied, as long as the provenance stays", async () => {
    const content = await freshCopy(path);
    {
      await using store = await openStore(content);
      const { loudness, profile } = loadProject(speech(), { hashLength: 64 });
      const own = ({ id, speaker }: Readonly<Record<string, unknown>>) => ({
        id,
        speaker,
        metaxy_data_version_by_field: { level: `content of ${String(id)}`, peak: "loud" },
      });
      await runFeature(store, loudness, own);
      await runFeature(store, profile, ({ speaker }) => ({ speaker }));
    }
    expect(await count(speech(), content)).toEqual({
      recording: "0 0 0 6",
      loudness: "0 0 0 6",
      profile: "0 0 0 3",
    });
    expect(await count(speech({ peak: "2" }), content)).toEqual({
      recording: "0 0 0 6",
      loudness: "6 0 0 0",
      profile: "<= 0 0 0 3",
    });
  });

  it("says what is wrong with a database, and stops on demand", async () => {
    const project = compileSpecs(speech(), { hashLength: 64 });
    const failure = (database: { path: string; hash?: "sha256" }, signal?: AbortSignal) =>
      countRowsAt(project, database, signal).then(
        () => "nothing",
        (error: { code: string }) => error.code,
      );
    expect(await failure({ path: await freshPath() })).toBe("database-not-found");
    expect(await failure({ path: new URL("../../../package.json", import.meta.url).pathname })).toBe(
      "database-unreadable",
    );
    expect(await failure({ path, hash: "sha256" })).toBe("hash-mismatch");
    expect(await failure({ path }, AbortSignal.abort())).toBe("cancelled");
    await using _open = await openStore(path);
    expect(await failure({ path })).toBe("database-locked");
  });
});

describe("countRows of stores of the Python system", () => {
  const recordings = readVectors<{ readonly specs: object[]; readonly hashLength: number }>("stores");
  for (const [file, { specs, hashLength }] of Object.entries(recordings)) {
    it(`counts what resolve finds in ${file}, and needs the hash`, async () => {
      const path = await freshCopy(`${vectorsFolder}stores/${file}.duckdb`);
      const project = compileSpecs(specs, { hashLength });
      await expect(countRowsAt(project, { path })).rejects.toMatchObject({ code: "hash-unknown" });
      const { rows, refused } = await countRowsAt(project, { path, hash: "md5" });
      expect([...refused.keys()]).toEqual([]);
      await using store = await openStore(path, { hash: "md5" });
      for (const feature of Object.values(loadProject(specs, { hashLength }))) {
        const counted = rows.get(feature.key);
        if (feature.plan.kind === "root" || counted?.upperBound) continue;
        await using increment = await store.resolve(feature);
        expect(counted).toMatchObject(increment.counts);
      }
    });
  }
});
