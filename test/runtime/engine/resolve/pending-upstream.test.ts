import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature, Store } from "../../../../runtime/index.ts";
import { buildSpec, maybeText, text } from "../../../support/build-spec.ts";
import { foreign } from "../../../support/foreign.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { loadProject } from "../../../support/load-project.ts";
import { untyped } from "../../../support/untyped.ts";

type Row = Readonly<Record<string, unknown>>;

const number = { type: "number" };

/** Videos whose duration goes by some name, and what depends on it. */
function project(
  duration: string,
  dep: object = {},
  more: Record<string, object> = {},
): Record<string, AnyFeature> {
  return loadProject(
    [
      buildSpec("video", {
        columns: { video_id: text, [duration]: number, note: maybeText, ...more },
        ids: ["video_id"],
      }),
      buildSpec("chunk", {
        columns: { video_id: text, n: text },
        ids: ["video_id", "n"],
        deps: [
          {
            feature: "video",
            select: [duration],
            where: [`${duration} > 1`],
            lineage: { type: "expansion", on: ["video_id"] },
            ...dep,
          },
        ],
      }),
    ],
    { hashLength: 64 },
  );
}

function feature(features: Record<string, AnyFeature>, key: string): AnyFeature {
  const found = features[key];
  if (found === undefined) throw new Error(`No feature ${key}`);
  return found;
}

const ids = ["a", "b", "c"];

async function writeVideos(
  store: Store,
  features: Record<string, AnyFeature>,
  columns: Row,
  names: readonly string[] = ids,
): Promise<void> {
  const rows = names.map((video_id) => ({
    video_id,
    ...columns,
    metaxy_provenance_by_field: { default: "1" },
  }));
  await store.write(feature(features, "video"), untyped(rows));
}

const pending = async (store: Store, chunk: AnyFeature, options: object = {}) => {
  await using increment = await store.resolve(chunk, untyped(options));
  return increment.pendingUpstream;
};

const cut = untyped(({ video_id }: Row) => ({ video_id, n: "0" }));

describe("an upstream whose rows lack what is required now", () => {
  const before = project("duration");
  const after = project("duration_s");

  it("has to run first: renaming a column orphans nothing without a word", async () => {
    await using store = await openStore(":memory:");
    await writeVideos(store, before, { duration: 5 });
    await store.process(feature(before, "chunk"), cut);
    const chunk = feature(after, "chunk");
    const waits = [{ feature: "video", samples: 3, reason: "missing-required", columns: ["duration_s"] }];
    await using increment = await store.resolve(chunk);
    expect(increment.counts).toEqual({ new: 0, stale: 0, orphaned: 3 });
    expect(increment.pendingUpstream).toEqual(waits);
    expect(await pending(store, chunk, { fullRefresh: true })).toEqual(waits);

    await writeVideos(store, after, { duration_s: 5 }, ["a"]);
    expect(await pending(store, chunk)).toEqual([{ ...waits[0], samples: 2 }]);
    await writeVideos(store, after, { duration_s: 5 }, ["b", "c"]);
    expect(await pending(store, chunk)).toEqual([]);
    await using done = await store.resolve(chunk);
    expect(done.counts).toEqual({ new: 0, stale: 0, orphaned: 0 });
    // Rows that were replaced lack it still, and don't count.
    expect(await pending(store, chunk)).toEqual([]);
    expect(await pending(store, chunk, { fullRefresh: true })).toEqual([]);
  });

  it("is recalled with what was resolved, in a store that is open read-only too", async () => {
    const path = await freshPath();
    const wider = project("duration", {}, { width: number });
    const width = project("duration", { select: ["duration", "width"] }, { width: number });
    const waits = [{ feature: "video", samples: 2, reason: "missing-required", columns: ["width"] }];
    {
      await using store = await openStore(path);
      await writeVideos(store, before, { duration: 5 });
      await writeVideos(store, wider, { duration: 5, width: 1 }, ["c"]);
      await store.process(feature(width, "chunk"), cut, { lenient: true });
      for (let times = 0; times < 2; times++)
        expect(await pending(store, feature(width, "chunk"))).toEqual(waits);
    }
    await using store = await openStore(path, { readOnly: true });
    expect(await pending(store, feature(width, "chunk"))).toEqual(waits);
    // What neither filter nor select reads is not waited for.
    expect(await pending(store, feature(wider, "chunk"))).toEqual([]);
  });

  it("counts every column that is read, under the upstream's own names, and no id, optional or other column", async () => {
    const more = { width: number, height: number, unread: number, codec: maybeText };
    const dep = {
      rename: { width: "w", video_id: "id" },
      select: ["height", "codec"],
      where: ["w > 1"],
      lineage: undefined,
    };
    const wide = loadProject(
      [
        buildSpec("video", {
          columns: { video_id: text, duration: number, note: maybeText, ...more },
          ids: ["video_id"],
        }),
        buildSpec("chunk", { columns: { id: text }, ids: ["id"], deps: [{ feature: "video", ...dep }] }),
      ],
      { hashLength: 64 },
    );
    const { plan } = feature(wide, "chunk");
    expect(plan.kind === "derived" && plan.upstream["video"]?.reads).toEqual([
      "video_id",
      "width",
      "height",
      "codec",
    ]);
    await using store = await openStore(":memory:");
    await writeVideos(store, before, { duration: 5 });
    await store.write(
      feature(wide, "video"),
      untyped({
        sql: "SELECT 'd' AS video_id, 1 AS duration, 2 AS width, 3 AS height, 4 AS unread, {'default': '1'} AS metaxy_provenance_by_field",
      }),
    );
    expect(await pending(store, feature(wide, "chunk"))).toEqual([
      { feature: "video", samples: 3, reason: "missing-required", columns: ["width", "height"] },
    ]);
  });

  it("is not waited for where the rows that lack it are deleted, or of another version", async () => {
    const path = await freshPath();
    {
      await using store = await openStore(path);
      await writeVideos(store, before, { duration: 5 });
      await writeVideos(store, after, { duration_s: 5 }, ["a"]);
    }
    await foreign(
      path,
      `INSERT INTO video SELECT * REPLACE (now() AS metaxy_updated_at, now() AS metaxy_deleted_at)
       FROM video WHERE video_id = 'b' AND duration_s IS NULL`,
      "UPDATE video SET metaxy_feature_version = 'older' WHERE video_id = 'c'",
    );
    await using store = await openStore(path);
    expect(await pending(store, feature(after, "chunk"))).toEqual([
      { feature: "video", samples: 1, reason: "older-version" },
    ]);
  });

  it("is found where the column has another type, and where ids are null", async () => {
    const path = await freshPath();
    {
      await using store = await openStore(path);
      await writeVideos(store, after, { duration_s: 5 });
    }
    await foreign(
      path,
      "ALTER TABLE video ALTER duration_s TYPE DECIMAL(10, 2)",
      "UPDATE video SET duration_s = 5.5 WHERE video_id = 'a'",
      "UPDATE video SET duration_s = NULL WHERE video_id <> 'a'",
      "UPDATE video SET video_id = NULL WHERE video_id = 'b'",
    );
    await using store = await openStore(path, { onWarning: () => undefined });
    const other = { skipComparison: true, filters: { video: "video_id = 'none'" } };
    expect(
      await pending(store, feature(after, "chunk"), other).catch((error: { code: string }) => error.code),
    ).toEqual([{ feature: "video", samples: 1, reason: "missing-required", columns: ["duration_s"] }]);
  });

  it("gives each reason of an upstream that has several", async () => {
    const path = await freshPath();
    {
      await using store = await openStore(path);
      await writeVideos(store, before, { duration: 5 });
    }
    await foreign(path, "UPDATE video SET metaxy_feature_version = 'older' WHERE video_id = 'c'");
    await using store = await openStore(path);
    expect(await pending(store, feature(after, "chunk"))).toEqual([
      { feature: "video", samples: 1, reason: "older-version" },
      { feature: "video", samples: 2, reason: "missing-required", columns: ["duration_s"] },
    ]);
  });
});

describe("an upstream that is stored under an older version only", () => {
  it("counts samples where the table has no column for the ids of now", async () => {
    const [older, newer] = ["1", "2"].map((codeVersion) => {
      const id = codeVersion === "1" ? "video_id" : "uid";
      return loadProject(
        [
          buildSpec("video", {
            columns: { [id]: text },
            ids: [id],
            fields: [{ key: "default", codeVersion }],
          }),
          buildSpec("copy", { columns: { [id]: text }, ids: [id], deps: ["video"] }),
        ],
        { hashLength: 64 },
      );
    }) as [Record<string, AnyFeature>, Record<string, AnyFeature>];
    await using store = await openStore(":memory:", { onWarning: () => undefined });
    await writeVideos(store, older, {});
    const copy = feature(newer, "copy");
    expect(await pending(store, copy)).toEqual([{ feature: "video", samples: 3, reason: "older-version" }]);
    await using increment = await store.resolve(copy);
    expect(increment.counts).toEqual({ new: 0, stale: 0, orphaned: 0 });
  });

  it("counts samples whose ids are of another spec, too", async () => {
    const path = await freshPath();
    const features = project("duration");
    {
      await using store = await openStore(path);
      await writeVideos(store, features, { duration: 5 });
    }
    await foreign(
      path,
      "UPDATE video SET metaxy_feature_version = 'older', video_id = NULL",
      "UPDATE video SET video_id = 'a' WHERE rowid = 0",
    );
    await using store = await openStore(path, { onWarning: () => undefined });
    expect(await pending(store, feature(features, "chunk"))).toEqual([
      { feature: "video", samples: 3, reason: "older-version" },
    ]);
  });
});
