import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature, Store } from "../../../../runtime/index.ts";
import { buildSpec, integer, text } from "../../../support/build-spec.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { loadFeature } from "../../../support/load-project.ts";
import { queryFile } from "../../../support/query-file.ts";
import { refusalOf } from "../../../support/refusal-of.ts";
import { untyped } from "../../../support/untyped.ts";

const featureOf = (codeVersion: string) =>
  loadFeature(
    [
      buildSpec("video", {
        columns: { video_id: text, seconds: integer },
        ids: ["video_id"],
        fields: [{ key: "frames", codeVersion }],
      }),
    ],
    "video",
  );
const [First, Second] = [featureOf("1"), featureOf("2")];

const write = (store: Store, feature: AnyFeature, video_id: string, seconds: number) =>
  store.write(feature, untyped([{ video_id, seconds, metaxy_provenance_by_field: { frames: "p" } }]));
type Row = Readonly<Record<string, unknown>>;
const rowsOf = async (store: Store, options: object = {}, feature = First) => {
  const set = store.read(feature, untyped(options));
  const rows = (await set.toArray()) as unknown as Row[];
  expect(await set.count()).toBe(rows.length);
  return rows;
};
const short = (rows: readonly Row[]) =>
  rows.map(
    ({ video_id, seconds, metaxy_deleted_at }) =>
      `${video_id}${seconds}${metaxy_deleted_at === null ? "" : "†"}`,
  );

/** a was written twice, b deleted, c written, deleted and revived; d lies under another version. */
async function filled(): Promise<Store> {
  const store = await openStore(":memory:");
  await write(store, First, "a", 1);
  await write(store, First, "b", 1);
  await write(store, First, "c", 1);
  await write(store, First, "a", 2);
  await store.delete(First, "video_id = 'b' OR video_id = 'c'");
  await write(store, First, "c", 3);
  await write(store, Second, "a", 9);
  await write(store, Second, "d", 9);
  return store;
}

describe("read", () => {
  it("returns the latest row of each sample that is not deleted", async () => {
    await using store = await filled();
    expect(short(await rowsOf(store))).toEqual(["a2", "c3"]);
  });

  it("returns deleted samples, with what they held", async () => {
    await using store = await filled();
    expect(short(await rowsOf(store, { deleted: true }))).toEqual(["a2", "b1†", "c3"]);
    expect(
      await rowsOf(store, { deleted: true, columns: ["seconds"], filters: "video_id = 'b'" }),
    ).toMatchObject([{ seconds: 1, metaxy_deleted_at: expect.stringMatching(/^20.*Z$/) }]);
  });

  it("returns all that was written, oldest first", async () => {
    await using store = await filled();
    expect(short(await rowsOf(store, { history: true }))).toEqual([
      "a1",
      "a2",
      "b1",
      "b1†",
      "c1",
      "c1†",
      "c3",
    ]);
    expect(short(await rowsOf(store, { history: true, filters: "seconds = 1 AND video_id != 'b'" }))).toEqual(
      ["a1", "c1", "c1†"],
    );
  });

  it("returns one version, all of them, and none for one that nobody wrote", async () => {
    await using store = await filled();
    expect(short(await rowsOf(store, { featureVersion: Second.featureVersion }))).toEqual(["a9", "d9"]);
    expect(short(await rowsOf(store, { allVersions: true }))).toEqual(["a2", "a9", "c3", "d9"]);
    expect(short(await rowsOf(store, { allVersions: true, deleted: true }))).toEqual([
      "a2",
      "a9",
      "b1†",
      "c3",
      "d9",
    ]);
    expect(
      short(await rowsOf(store, { allVersions: true, history: true, filters: "video_id = 'a'" })),
    ).toEqual(["a1", "a2", "a9"]);
    expect(await rowsOf(store, { featureVersion: "nobody" })).toEqual([]);
  });

  it("filters after it has found the latest row: an earlier one for which the filter holds is no answer", async () => {
    await using store = await filled();
    expect(await rowsOf(store, { filters: "seconds = 1" })).toEqual([]);
    expect(short(await rowsOf(store, { filters: ["seconds > 1", "video_id = 'a'"] }))).toEqual(["a2"]);
  });

  it("hides a sample whose later row is deleted, and revives it with the next write", async () => {
    await using store = await openStore(":memory:");
    await write(store, First, "a", 1);
    await write(store, First, "a", 2);
    await store.delete(First, "seconds = 2");
    expect(await rowsOf(store)).toEqual([]);
    await write(store, First, "a", 3);
    expect(short(await rowsOf(store))).toEqual(["a3"]);
    await store.delete(First, "TRUE", { hard: true });
    expect(await rowsOf(store, { history: true })).toEqual([]);
  });

  it("returns one row of those with the same time", async () => {
    const path = await freshPath();
    {
      await using store = await openStore(path);
      await write(store, First, "a", 1);
    }
    await queryFile(path, "INSERT INTO video SELECT * REPLACE (seconds + 1 AS seconds) FROM video");
    await using store = await openStore(path);
    expect(short(await rowsOf(store))).toEqual(["a2"]);
  });

  it("returns nothing in each form of a feature that was never written", async () => {
    await using store = await openStore(":memory:");
    for (const options of [{}, { history: true }, { deleted: true }, { allVersions: true }])
      expect(await rowsOf(store, options)).toEqual([]);
  });

  it("refuses unknown options, also at once, and a version beside all versions", async () => {
    await using store = await openStore(":memory:");
    const codeOf = (options: object) =>
      refusalOf(Promise.resolve().then(() => store.read(First, untyped(options)))).then(({ code }) => code);
    expect(await codeOf({ histroy: true })).toBe("unknown-option");
    expect(await codeOf({ featureVersion: "1", allVersions: true })).toBe("conflicting-options");
    expect(await codeOf({ columns: ["nobody"] })).toBe("unknown-column");
  });

  it("agrees with a naive reading of the table after random histories", async () => {
    const step = fc.record({
      kind: fc.constantFrom("write", "write", "delete", "hard"),
      id: fc.constantFrom("a", "b", "c"),
      second: fc.boolean(),
      seconds: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
        const path = await freshPath();
        const read = new Map<string, readonly string[]>();
        {
          await using store = await openStore(path);
          await write(store, First, "z", 1);
          for (const { kind, id, second, seconds } of steps) {
            const feature = second ? Second : First;
            if (kind === "write") await write(store, feature, id, seconds);
            else await store.delete(feature, untyped({ video_id: id }), { hard: kind === "hard" });
          }
          for (const form of forms) read.set(form, short(await rowsOf(store, JSON.parse(form) as object)));
        }
        const table = await queryFile(path, "SELECT * FROM video ORDER BY rowid");
        for (const form of forms)
          expect(read.get(form), form).toEqual(naive(table, JSON.parse(form) as Form));
      }),
      { numRuns: 15 },
    );
  });
});

interface Form {
  readonly allVersions?: boolean;
  readonly history?: boolean;
  readonly deleted?: boolean;
}

const forms = [false, true].flatMap((allVersions) =>
  [{}, { history: true }, { deleted: true }].map((form) => JSON.stringify({ ...form, allVersions })),
);

/** Reads the rows of a table in the order in which they were written. */
function naive(table: readonly Row[], { allVersions, history, deleted }: Form): readonly string[] {
  const rows = table.filter(
    ({ metaxy_feature_version }) => allVersions === true || metaxy_feature_version === First.featureVersion,
  );
  const latest = new Map(rows.map((row) => [`${row["video_id"]} ${row["metaxy_feature_version"]}`, row]));
  const chosen =
    history === true
      ? rows
      : [...latest.values()].filter((row) => deleted === true || row["metaxy_deleted_at"] === null);
  const place = (row: Row) => [String(row["video_id"]), rows.indexOf(row)] as const;
  return short(
    [...chosen].sort((one, other) => {
      const [[a, first], [b, second]] = [place(one), place(other)];
      return a === b ? first - second : a < b ? -1 : 1;
    }),
  );
}
