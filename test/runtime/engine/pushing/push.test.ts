import { describe, expect, it } from "vitest";
import { compileProject } from "../../../../generator/index.ts";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { ProjectDefinitions } from "../../../../runtime/index.ts";
import { buildSpec, integer, text } from "../../../support/build-spec.ts";
import { freshCopy, freshPath } from "../../../support/fresh-path.ts";
import { queryFile } from "../../../support/query-file.ts";
import { refusalOf } from "../../../support/refusal-of.ts";
import { untyped } from "../../../support/untyped.ts";

const video = (codeVersion = "1", description = "A video.") => ({
  ...buildSpec("video", {
    columns: { video_id: text, seconds: integer },
    ids: ["video_id"],
    fields: [{ key: "frames", codeVersion }, "audio"],
  }),
  description,
});
const chunk = buildSpec("video/chunk", {
  columns: { video_id: text, chunk: integer, tags: { type: "array", items: text } },
  ids: ["video_id", "chunk"],
  deps: [
    {
      feature: "video",
      select: ["length"],
      rename: { seconds: "length" },
      where: ["length > 1"],
      lineage: { type: "expansion", on: ["video_id"] },
      fieldsMapping: { type: "specific", mapping: { default: ["audio"] } },
    },
  ],
});
const total = buildSpec("total", {
  columns: { video_id: text },
  ids: ["video_id"],
  deps: [{ feature: "video/chunk", lineage: { type: "aggregation" } }],
  fields: [
    { key: "sum", deps: [{ feature: "video/chunk", fields: "all" }] },
    { key: "all", deps: "all" },
  ],
});

/** What `generate` writes to `versions.json` for some specs. */
async function definitionsOf(...specs: readonly object[]): Promise<ProjectDefinitions> {
  const sources = Object.fromEntries(
    specs.map((spec, index) => [`schemas/s${index}.feature.json`, JSON.stringify(spec)]),
  );
  const { manifest, diagnostics } = await compileProject(sources, {
    project: "films",
    hashLength: 64,
    schemas: "schemas",
    generated: "generated",
    importExtension: ".ts",
  });
  if (manifest === undefined) throw new Error(JSON.stringify(diagnostics));
  return manifest;
}

const none = { added: [], changed: [], metadataOnly: [], removed: [] };

describe("push", () => {
  it("records a project once, and says what changed since the push before", async () => {
    await using store = await openStore(":memory:");
    const first = await definitionsOf(video(), chunk);
    expect(await store.push(first, { dryRun: true })).toMatchObject({ isNew: true });
    expect(await store.history()).toEqual([]);
    expect(await store.push(first)).toEqual({
      ...none,
      projectVersion: first.projectVersion,
      isNew: true,
      added: ["video", "video/chunk"],
    });
    expect(await store.push(first, { tags: { commit: "b" } })).toEqual({
      ...none,
      projectVersion: first.projectVersion,
      isNew: false,
    });
    const second = await definitionsOf(video("2"), total, chunk);
    expect(await store.push(second)).toMatchObject({ isNew: true, added: ["total"], changed: ["video"] });
    const third = await definitionsOf(video("2", "A film."), chunk);
    expect(await store.push(third)).toEqual({
      ...none,
      projectVersion: third.projectVersion,
      isNew: true,
      metadataOnly: ["video"],
      removed: ["total"],
    });
  });

  it("records A, B and A again as three pushes", async () => {
    await using store = await openStore(":memory:");
    const [a, b] = [await definitionsOf(video("1")), await definitionsOf(video("2"))];
    for (const definitions of [a, b, a, a]) await store.push(definitions);
    const pushes = await store.history();
    expect(pushes.map(({ projectVersion, changed }) => [projectVersion, changed])).toEqual([
      [a.projectVersion, ["video"]],
      [b.projectVersion, ["video"]],
      [a.projectVersion, []],
    ]);
    expect(pushes.at(-1)?.added).toEqual(["video"]);
  });

  it("moves the project version and no feature version where only metadata is edited", async () => {
    await using store = await openStore(":memory:");
    const [before, after] = [await definitionsOf(video("1", "a")), await definitionsOf(video("1", "b"))];
    await store.push(before);
    expect(await store.push(after)).toMatchObject({ isNew: true, metadataOnly: ["video"], changed: [] });
    expect(after.projectVersion).not.toBe(before.projectVersion);
    expect(after.features["video"]?.featureVersion).toBe(before.features["video"]?.featureVersion);
  });

  it("writes the table of the Python system, with specs in its form", async () => {
    const path = await freshPath();
    {
      await using store = await openStore(path);
      await store.push(await definitionsOf(video(), chunk, total), { tags: { commit: "abc", by: "o'hara" } });
      await store.push(await definitionsOf(video(), chunk));
    }
    const layout = (file: string) =>
      queryFile(
        file,
        `SELECT column_name, data_type FROM information_schema.columns
         WHERE table_name = 'metaxy_system__feature_versions' ORDER BY ordinal_position`,
      );
    expect(await layout(path)).toEqual(await layout(await freshCopy("test/vectors/stores/struct-64.duckdb")));
    const rows = await queryFile(
      path,
      `SELECT feature_key, feature_spec, feature_schema, feature_class_path, tags, deleted_at IS NOT NULL AS deleted
       FROM metaxy_system__feature_versions WHERE tags <> '{}' ORDER BY feature_key`,
    );
    expect(rows.map((row) => [row["feature_key"], row["feature_class_path"], row["deleted"]])).toEqual([
      ["total", "s2.Total", true],
      ["video", "s0.Video", false],
      ["video/chunk", "s1.VideoChunk", false],
    ]);
    expect(JSON.parse(String(rows[0]?.["tags"]))).toEqual({ commit: "abc", by: "o'hara" });
    expect(rows.map((row) => JSON.parse(String(row["feature_spec"])))).toEqual([
      {
        key: "total",
        id_columns: ["video_id"],
        deps: [
          {
            feature: "video/chunk",
            select: null,
            rename: null,
            fields_mapping: { mapping: { type: "default", match_suffix: false, exclude_fields: [] } },
            sql_filters: null,
            lineage: { relationship: { type: "N:1", on: ["video_id"] } },
            optional: false,
          },
        ],
        fields: [
          { key: "all", code_version: "__metaxy_initial__", deps: "__METAXY_ALL_DEP__" },
          {
            key: "sum",
            code_version: "__metaxy_initial__",
            deps: [{ feature: "video/chunk", fields: "__METAXY_ALL_DEP__" }],
          },
        ],
        metadata: {},
        description: null,
      },
      {
        key: "video",
        id_columns: ["video_id"],
        deps: [],
        fields: [
          { key: "audio", code_version: "__metaxy_initial__", deps: [] },
          { key: "frames", code_version: "1", deps: [] },
        ],
        metadata: {},
        description: null,
      },
      {
        key: "video/chunk",
        id_columns: ["video_id", "chunk"],
        deps: [
          {
            feature: "video",
            select: ["length"],
            rename: { seconds: "length" },
            fields_mapping: { mapping: { type: "specific", mapping: { default: ["audio"] } } },
            sql_filters: ["length > 1"],
            lineage: { relationship: { type: "1:N", on: ["video_id"], id_generation_pattern: null } },
            optional: false,
          },
        ],
        fields: [{ key: "default", code_version: "__metaxy_initial__", deps: [] }],
        metadata: {},
        description: null,
      },
    ]);
    expect(JSON.parse(String(rows[2]?.["feature_schema"]))).toMatchObject({
      title: "VideoChunk",
      properties: { chunk: { type: "integer" }, tags: { type: "array", items: { type: "string" } } },
      required: ["chunk", "tags", "video_id"],
    });
  });

  it("goes on behind what the Python system pushed, and leaves it as it is", async () => {
    const path = await freshCopy("test/vectors/stores/struct-64.duckdb");
    const before = await queryFile(path, "FROM metaxy_system__feature_versions ORDER BY ALL");
    {
      await using store = await openStore(path, { hash: "md5" });
      const [python] = await store.history();
      expect(python).toMatchObject({
        project: "callcenter",
        features: 6,
        changed: ["call/sentence", "call/transcript"],
      });
      const ours = { ...(await definitionsOf(video())), project: "callcenter" };
      expect(await store.push(ours)).toMatchObject({ isNew: true, added: ["video"] });
      expect((await store.history({ limit: 1 }))[0]?.removed).toHaveLength(6);
    }
    const after = await queryFile(
      path,
      `SELECT * REPLACE (NULL::TIMESTAMP AS deleted_at) FROM metaxy_system__feature_versions
       WHERE feature_key <> 'video' ORDER BY ALL`,
    );
    expect(after).toEqual(before);
  });

  it("refuses what is no manifest, tags that are no text, unknown options, and a store that is read-only", async () => {
    const path = await freshPath();
    const definitions = await definitionsOf(video());
    {
      await using store = await openStore(path);
      const refused = async (given: unknown, options?: unknown) =>
        (await refusalOf(store.push(untyped(given), untyped(options)))).message;
      expect(await refused(undefined)).toContain("generated/versions.json");
      expect(await refused("generated/versions.json")).toContain("import versions from");
      expect(await refused({ ...definitions, manifestVersion: 2 })).toContain("npx stemma generate");
      expect(await refused(definitions, { tags: { commit: 5 } })).toContain('"commit" is not text: 5');
      expect(await refused(definitions, { tags: { metaxy: "x" } })).toContain("reserved");
      expect(await refused(definitions, { tag: {} })).toContain("no option");
      await store.write(untyped({ ...definitions }), []).catch(() => undefined);
      expect(await store.history()).toEqual([]);
      await store.push(definitions);
    }
    await using readOnly = await openStore(path, { readOnly: true });
    expect((await refusalOf(readOnly.push(definitions))).code).toBe("read-only");
    expect(await readOnly.push(definitions, { dryRun: true })).toMatchObject({ isNew: false });
    expect(await readOnly.history()).toHaveLength(1);
  });
});

describe("history", () => {
  it("has the pushes of a feature, of a project and of all, latest first, up to a limit", async () => {
    await using store = await openStore(":memory:");
    const of = async (project: string, ...specs: readonly object[]) => ({
      ...(await definitionsOf(...specs)),
      project,
    });
    await store.push(await of("a", video("1"), chunk), { tags: { commit: "1" } });
    await store.push(await of("b", video("1")), { tags: { commit: "2" } });
    await store.push(await of("a", video("1", "x"), chunk), { tags: { commit: "3" } });
    await store.push(await of("a", video("1", "x")), { tags: { commit: "4" } });
    await store.push(await of("b", video("2")), { tags: { commit: "5" } });
    const commits = async (options?: object) =>
      (await store.history(options)).map(({ tags }) => Number(tags["commit"]));
    expect(await commits()).toEqual([5, 4, 3, 2, 1]);
    expect(await commits({ project: "a" })).toEqual([4, 3, 1]);
    expect(await commits({ feature: "video/chunk" })).toEqual([4, 1]);
    expect(await commits({ feature: "video", project: "a" })).toEqual([3, 1]);
    expect(await commits({ limit: 2 })).toEqual([5, 4]);
    expect((await store.history({ limit: 1 }))[0]).toMatchObject({ changed: ["video"], added: [] });
    expect((await store.history({ feature: "video/chunk", limit: 1 }))[0]).toMatchObject({
      removed: ["video/chunk"],
      features: 1,
    });
    expect(await commits({ project: "nobody" })).toEqual([]);
    const codes = await Promise.all(
      [{ limit: 0 }, { limit: 1.5 }, { projekt: "a" }].map(async (options) =>
        refusalOf(store.history(untyped(options))).then(({ code }) => code),
      ),
    );
    expect(codes).toEqual(["wrong-type", "wrong-type", "unknown-option"]);
  });
});
