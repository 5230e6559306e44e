import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature, Counts, Store } from "../../../../runtime/index.ts";
import { buildSpec, integer, maybeText, text } from "../../../support/build-spec.ts";
import { carriedOver } from "../../../support/carry-over.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { loadProject } from "../../../support/load-project.ts";
import { queryFile } from "../../../support/query-file.ts";
import { untyped } from "../../../support/untyped.ts";

/** What a feature and its fields are called. */
interface Names {
  readonly video: string;
  readonly sound: string;
  readonly clip: string;
  readonly faces: string;
  readonly boxes: string;
}

const old: Names = { video: "video", sound: "audio", clip: "clip", faces: "faces", boxes: "boxes" };

/** A spec that says what it was called, where that is otherwise. */
function renamed(key: string, was: string, spec: Parameters<typeof buildSpec>[1]): object {
  const built = buildSpec(key, spec) as { feature: object };
  return key === was ? built : { ...built, feature: { ...built.feature, renamedFrom: was } };
}

function field(key: string, was: string, rest: object = {}): object {
  return key === was ? { key, ...rest } : { key, renamedFrom: was, ...rest };
}

type Keys = "video" | "clip" | "faces" | "speech" | "mood" | "report";
type Features = Record<Keys, AnyFeature>;

/**
 * A root with two fields; an expansion, a copy and an aggregation of it; and, below, a feature with an optional dep.
 */
function project(names: Partial<Names> = {}): Features {
  const now = { ...old, ...names };
  const found = loadProject(
    [
      renamed(now.video, old.video, {
        columns: { video_id: text, speaker: text, path: maybeText },
        ids: ["video_id"],
        fields: [field(now.sound, old.sound), "frames"],
      }),
      renamed(now.clip, old.clip, {
        columns: { video_id: text, clip: text },
        ids: ["video_id", "clip"],
        deps: [{ feature: now.video, select: [], lineage: { type: "expansion", on: ["video_id"] } }],
        fields: [{ key: "pixels", deps: "all" }],
      }),
      renamed(now.faces, old.faces, {
        columns: { video_id: text, clip: text, faces: integer },
        ids: ["video_id", "clip"],
        deps: [{ feature: now.clip, select: [] }],
        fields: [field(now.boxes, old.boxes, { deps: [{ feature: now.clip, fields: ["pixels"] }] })],
      }),
      buildSpec("speech", {
        columns: { video_id: text, words: text },
        ids: ["video_id"],
        deps: [{ feature: now.video, select: [] }],
        fields: [{ key: "words", deps: [{ feature: now.video, fields: [now.sound] }] }],
      }),
      buildSpec("mood", {
        columns: { speaker: text },
        ids: ["speaker"],
        deps: [{ feature: now.video, lineage: { type: "aggregation" } }],
        fields: [{ key: "mood", deps: "all" }],
      }),
      buildSpec("report", {
        columns: { video_id: text },
        ids: ["video_id"],
        deps: [
          { feature: now.video, select: [] },
          { feature: "speech", select: [], optional: true },
        ],
        fields: [
          { key: "look", deps: [{ feature: now.video, fields: ["frames"] }] },
          { key: "all", deps: "all" },
        ],
      }),
    ],
    { hashLength: 64 },
  );
  const named = {
    video: now.video,
    clip: now.clip,
    faces: now.faces,
    speech: "speech",
    mood: "mood",
    report: "report",
  };
  return Object.fromEntries(Object.entries(named).map(([name, key]) => [name, found[key]])) as Features;
}

const derived = ["clip", "faces", "speech", "mood", "report"] as const;
const all = ["video", ...derived] as const;

/** Samples of the root: two of one speaker, one with data versions of its own. */
function samples(sound = "audio", change = ""): object[] {
  return ["a", "b", "c"].map((video_id) => {
    const versions = { [sound]: `s-${video_id}`, frames: `f-${video_id}${video_id === "b" ? change : ""}` };
    return {
      video_id,
      speaker: video_id === "c" ? "you" : "me",
      path: `/${video_id}`,
      metaxy_provenance_by_field: versions,
      ...(video_id === "c" ? { metaxy_data_version_by_field: { ...versions, [sound]: "content" } } : {}),
    };
  });
}

/** Runs what is new or stale; speech knows the content of one video, and video b has no clips. */
async function run(store: Store, { clip, faces, speech, mood, report }: Features): Promise<void> {
  await store.process(
    clip,
    untyped(async ({ video_id }: { video_id: string }) =>
      video_id === "b" ? [] : ["1", "2"].map((name) => ({ video_id, clip: name })),
    ),
  );
  await store.process(
    faces,
    untyped(async (row: object) => ({ ...row, faces: 2 })),
  );
  await using words = await store.resolve(speech);
  const rows = [...(await words.new.toArray()), ...(await words.stale.toArray())].map((row, index) => {
    const {
      metaxy_changed_fields: _,
      metaxy_data_version_by_field: __,
      ...kept
    } = row as Record<string, unknown>;
    return {
      ...kept,
      words: "w",
      ...(index === 0 ? { metaxy_data_version_by_field: { words: "same" } } : {}),
    };
  });
  if (rows.length > 0) await store.write(speech, untyped(rows));
  await store.process(
    mood,
    untyped(async (group: { id: object }) => group.id),
  );
  await store.process(
    report,
    untyped(async (row: object) => row),
  );
}

async function computed(path: string, features = project()): Promise<Store> {
  const store = await openStore(path);
  await store.write(features.video, untyped(samples()));
  await run(store, features);
  return store;
}

async function counts(store: Store, feature: AnyFeature): Promise<Counts> {
  await using incremental = await store.resolve(feature);
  await using full = await store.resolve(feature, { fullRefresh: true });
  expect(incremental.counts, `${feature.key} recalled`).toEqual(full.counts);
  return full.counts;
}

async function rootCounts(store: Store, feature: AnyFeature, given: object[]): Promise<Counts> {
  await using increment = await store.resolve(feature, untyped({ samples: given }));
  return increment.counts;
}

const nothing: Counts = { new: 0, stale: 0, orphaned: 0 };

async function carryAll(store: Store, features: Features): Promise<Record<string, [number, number, number]>> {
  const carried: Record<string, [number, number, number]> = {};
  for (const name of all) {
    const found = await carriedOver(store, features[name]);
    if (found !== undefined) carried[name] = [found.samples, found.rows, found.left];
  }
  return carried;
}

const renames: Record<string, { names: Partial<Names>; carried: Record<string, [number, number, number]> }> =
  {
    "a field of the root": {
      names: { sound: "sound" },
      carried: {
        video: [3, 3, 0],
        clip: [3, 4, 0],
        faces: [4, 4, 0],
        speech: [3, 3, 0],
        mood: [2, 2, 0],
        report: [3, 3, 0],
      },
    },
    "a feature in the middle": {
      names: { clip: "video/part" },
      carried: { clip: [3, 4, 0], faces: [4, 4, 0] },
    },
    "the root": {
      names: { video: "a-video" },
      carried: {
        video: [3, 3, 0],
        clip: [3, 4, 0],
        faces: [4, 4, 0],
        speech: [3, 3, 0],
        mood: [2, 2, 0],
        report: [3, 3, 0],
      },
    },
    "fields and features at once": {
      names: { video: "zoo", sound: "zz/sound", clip: "a/part", faces: "a/part/faces", boxes: "a0" },
      carried: {
        video: [3, 3, 0],
        clip: [3, 4, 0],
        faces: [4, 4, 0],
        speech: [3, 3, 0],
        mood: [2, 2, 0],
        report: [3, 3, 0],
      },
    },
  };

describe("a rename of", () => {
  it.each(Object.entries(renames))("%s leaves nothing to be computed", async (_, { names, carried }) => {
    await using store = await computed(await freshPath());
    const features = project(names);
    expect(await carryAll(store, features)).toEqual(carried);
    for (const name of derived) expect(await counts(store, features[name]), name).toEqual(nothing);
    const sound = names.sound?.replace("/", "_") ?? "audio";
    expect(await rootCounts(store, features.video, samples(sound))).toEqual(nothing);

    const again = Object.fromEntries(Object.keys(carried).map((name) => [name, [0, 0, 0]]));
    expect(await carryAll(store, features)).toEqual(again);
  });

  it("a field makes stale afterwards what it would have made stale before", async () => {
    await using store = await computed(await freshPath());
    const features = project({ sound: "sound", clip: "part" });
    await carryAll(store, features);
    await using increment = await store.resolve(features.video, untyped({ samples: samples("sound", "!") }));
    expect(increment.counts).toEqual({ ...nothing, stale: 1 });
    await increment.write(untyped(increment.stale));
    expect(await counts(store, features.clip)).toEqual({ ...nothing, stale: 1 });
    expect(await counts(store, features.speech)).toEqual(nothing);
    expect(await counts(store, features.mood)).toEqual({ ...nothing, stale: 1 });
  });
});

describe("rows that are carried over a rename", () => {
  it("keep their columns, their time of creation and data versions of their own", async () => {
    await using store = await computed(await freshPath());
    const before = project();
    const after = project({ video: "film", sound: "a-sound" });
    const system = ["metaxy_created_at", "metaxy_updated_at", "metaxy_data_version", "metaxy_provenance"];
    const was = (await store.read(before.video).toArray()) as unknown as Record<string, unknown>[];
    await carryAll(store, after);
    const is = (await store.read(after.video).toArray()) as unknown as Record<string, unknown>[];
    const byId = (rows: Record<string, unknown>[]) =>
      rows.sort((a, b) => (String(a["video_id"]) < String(b["video_id"]) ? -1 : 1));
    expect(byId(is).map(({ video_id, speaker, path }) => ({ video_id, speaker, path }))).toEqual(
      byId(was).map(({ video_id, speaker, path }) => ({ video_id, speaker, path })),
    );
    expect(is.map((row) => row["metaxy_created_at"])).toEqual(was.map((row) => row["metaxy_created_at"]));
    expect(is[2]).toMatchObject({
      metaxy_provenance_by_field: { "a-sound": "s-c", frames: "f-c" },
      metaxy_data_version_by_field: { "a-sound": "content", frames: "f-c" },
    });
    expect(system.every((column) => is[0]?.[column] !== null)).toBe(true);

    const words = (await store.read(after.speech).toArray()) as unknown as Record<string, object>[];
    const versions = words.map((row) => row["metaxy_data_version_by_field"]);
    expect(versions).toContainEqual({ words: "same" });
    for (const row of words) {
      const version = row["metaxy_data_version_by_field"] as unknown as { words: string };
      if (version.words !== "same") expect(version).toEqual(row["metaxy_provenance_by_field"]);
    }
  });

  it("are those that were in sync; all others stay new", async () => {
    const before = project();
    await using store = await computed(await freshPath());
    // b changes its frames, d comes, and nothing below runs.
    await using increment = await store.resolve(
      before.video,
      untyped({
        samples: [...samples("audio", "!"), { ...samples()[0], video_id: "d" }],
      }),
    );
    await increment.write(untyped(increment.stale));
    await increment.write(untyped(increment.new));
    const was = Object.fromEntries(
      await Promise.all(derived.map(async (name) => [name, await counts(store, before[name])] as const)),
    );
    expect(was["clip"]).toEqual({ new: 1, stale: 1, orphaned: 0 });
    const after = project({ sound: "sound", boxes: "squares" });
    expect(await carryAll(store, after)).toEqual({
      video: [4, 4, 0],
      clip: [2, 4, 1],
      faces: [4, 4, 0],
      speech: [3, 3, 0],
      mood: [1, 1, 1],
      report: [2, 2, 1],
    });
    for (const name of derived) {
      const { new: isNew = 0, stale = 0 } = was[name] ?? {};
      expect(await counts(store, after[name]), name).toEqual({ ...nothing, new: isNew + stale });
    }
  });

  it("were in sync with upstream rows that are the same now, whoever wrote them", async () => {
    await using store = await computed(await freshPath());
    const after = project({ sound: "sound" });
    // The pipeline ran the root before anybody migrated: a and c as they were, b with other frames.
    await store.write(after.video, untyped(samples("sound", "!")));
    const carried = await carryAll(store, after);
    expect(carried).toMatchObject({ video: [0, 0, 0], clip: [2, 4, 1], speech: [3, 3, 0], mood: [1, 1, 1] });
    expect(await counts(store, after.clip)).toEqual({ ...nothing, new: 1 });
    expect(await counts(store, after.speech)).toEqual(nothing);
    expect(await counts(store, after.mood)).toEqual({ ...nothing, new: 1 });
  });

  it("do not pass for computed from upstream rows that were computed anew", async () => {
    await using store = await computed(await freshPath());
    const after = project({ sound: "sound" });
    await carriedOver(store, after.video);
    // Clips are made anew under the new version: the same provenance, but nobody knows whether they are the same clips.
    await store.process(
      after.clip,
      untyped(async ({ video_id }: { video_id: string }) => [{ video_id, clip: "1" }]),
    );
    expect(await carriedOver(store, after.clip)).toMatchObject({ samples: 0, left: 0 });
    expect(await carriedOver(store, after.faces)).toMatchObject({ samples: 0, left: 4 });
    expect(await counts(store, after.faces)).toEqual({ ...nothing, new: 3 });
  });

  it("are not those of a group that grew, shrank or changed hands since", async () => {
    const path = await freshPath();
    const after = project({ sound: "sound" });
    const rows = samples("sound") as { video_id: string; speaker: string }[];
    const changes: [string, object[]][] = [
      ["grew", [{ ...rows[0], video_id: "d", speaker: "you" }]],
      ["changed hands", [{ ...rows[0], speaker: "you" }]],
    ];
    for (const [change, written] of changes) {
      await using store = await computed(`${path}-${change.replace(" ", "-")}`);
      await carriedOver(store, after.video);
      await store.write(after.video, untyped(written));
      const left = change === "grew" ? 1 : 2;
      expect(await carriedOver(store, after.mood), change).toMatchObject({ samples: 2 - left, left });
    }
    await using store = await computed(`${path}-shrank`);
    await carriedOver(store, after.video);
    await store.delete(after.video, untyped({ video_id: "a" }));
    expect(await carriedOver(store, after.mood)).toMatchObject({ samples: 1, left: 1 });
  });

  it("are not those that were computed from upstream rows which came after these were carried over", async () => {
    await using store = await computed(await freshPath());
    const [before, after] = [project(), project({ sound: "sound" })];
    await carriedOver(store, after.video);
    await carriedOver(store, after.clip);
    // Somebody who has not the rename yet runs the pipeline again, for another content of a.
    const [a] = samples() as { metaxy_provenance_by_field: object }[];
    const versions = { ...a?.metaxy_provenance_by_field, frames: "other" };
    await store.write(before.video, untyped([{ ...a, metaxy_provenance_by_field: versions }]));
    await run(store, before);
    expect(await counts(store, before.faces)).toEqual(nothing);
    expect(await carriedOver(store, after.faces)).toMatchObject({ samples: 2, left: 2 });
    await using increment = await store.resolve(after.faces);
    const { new: missing } = increment;
    expect(await missing.select(untyped("video_id")).toArray()).toMatchObject([
      { video_id: "a" },
      { video_id: "a" },
    ]);
  });

  it("wait for the features above them", async () => {
    await using store = await computed(await freshPath());
    const after = project({ sound: "sound" });
    expect(await carriedOver(store, after.report)).toMatchObject({
      samples: 0,
      rows: 0,
      left: 3,
      waitsFor: ["video", "speech"],
    });
    await carryAll(store, after);
    expect(await carriedOver(store, after.report)).toMatchObject({ samples: 0, left: 0, waitsFor: [] });
    expect(await counts(store, after.report)).toEqual(nothing);
  });

  it("are not those that were deleted, before or since", async () => {
    await using store = await computed(await freshPath());
    const after = project({ sound: "sound" });
    await store.delete(project().video, "video_id = 'a'");
    expect(await carriedOver(store, after.video)).toMatchObject({ samples: 2, rows: 2 });
    await store.delete(after.video, "video_id = 'b'");
    expect(await carriedOver(store, after.video)).toMatchObject({ samples: 0, rows: 0 });
    expect(await store.read(after.video).toArray()).toHaveLength(1);
    expect(await carriedOver(store, after.clip)).toMatchObject({ samples: 1, rows: 2, left: 2 });
  });

  it("are counted by a dry run, which changes nothing", async () => {
    const path = await freshPath();
    await (await computed(path)).close();
    const tables = () =>
      queryFile(path, "SELECT table_name, estimated_size FROM duckdb_tables() ORDER BY ALL");
    const before = await tables();
    const after = project({ video: "film", sound: "sound" });
    {
      await using store = await openStore(path, { readOnly: true });
      expect(await carriedOver(store, after.video, { dryRun: true })).toEqual({
        samples: 3,
        rows: 3,
        emptyParents: 0,
        left: 0,
        from: project().video.featureVersion,
        table: "video",
        waitsFor: [],
      });
      await expect(carriedOver(store, after.video)).rejects.toMatchObject({ code: "read-only" });
    }
    expect(await tables()).toEqual(before);
  });

  it("are none where no name changed, and none where nothing is stored", async () => {
    await using store = await openStore(await freshPath());
    expect(await carriedOver(store, project().video)).toBeUndefined();
    const after = project({ video: "film" });
    expect(await carryAll(store, after)).toEqual(Object.fromEntries(all.map((name) => [name, [0, 0, 0]])));
  });

  it.each([
    ["has a column rowid", "ALTER TABLE video ADD COLUMN rowid INTEGER"],
    [
      "keeps maps",
      `ALTER TABLE video ALTER metaxy_provenance_by_field TYPE MAP(VARCHAR, VARCHAR)
         USING CAST(to_json(metaxy_provenance_by_field) AS MAP(VARCHAR, VARCHAR));
       ALTER TABLE video ALTER metaxy_data_version_by_field TYPE MAP(VARCHAR, VARCHAR)
         USING CAST(to_json(metaxy_data_version_by_field) AS MAP(VARCHAR, VARCHAR))`,
    ],
    ["is a view", "ALTER TABLE video RENAME TO videos; CREATE VIEW video AS FROM videos"],
  ])("come from a table that %s", async (_, sql) => {
    const path = await freshPath();
    await (await computed(path)).close();
    await queryFile(path, sql);
    await using store = await openStore(path);
    const after = project({ video: "film", sound: "sound" });
    expect(await carryAll(store, after)).toEqual(renames["the root"]?.carried);
    for (const name of derived) expect(await counts(store, after[name]), name).toEqual(nothing);
  });

  it("are forgotten with their table", async () => {
    const path = await freshPath();
    const after = project({ video: "film" });
    {
      await using store = await computed(path);
      await carryAll(store, after);
      await store.drop(after.video);
    }
    const left = await queryFile(path, "SELECT DISTINCT table_name FROM stemma_carried_over ORDER BY ALL");
    expect(left.map((row) => row["table_name"])).toEqual(["clip", "faces", "mood", "report", "speech"]);
  });
});

describe("children of a parent", () => {
  const pieces = (key: string, feature: object = {}) => {
    const built = buildSpec("piece", {
      columns: { video_id: text, piece: text },
      ids: ["piece"],
      deps: [{ feature: key, select: [], lineage: { type: "expansion", on: ["video_id"] } }],
    });
    const video = buildSpec(key, { columns: { video_id: text }, ids: ["video_id"] }) as { feature: object };
    const found = loadProject([{ ...video, feature: { ...video.feature, ...feature } }, built], {
      hashLength: 64,
    });
    return { video: found[key] as AnyFeature, piece: found["piece"] as AnyFeature };
  };
  const cut = (names: Record<string, string[]>) =>
    untyped(async ({ video_id }: { video_id: string }) =>
      (names[video_id] ?? []).map((piece) => ({ video_id, piece })),
    );
  const videos = (...ids: string[]) =>
    untyped(ids.map((video_id) => ({ video_id, metaxy_provenance_by_field: { default: "1" } })));

  it("are carried together or not at all, and take no id from another parent", async () => {
    await using store = await openStore(await freshPath());
    const before = pieces("video");
    await store.write(before.video, videos("a", "b", "c"));
    await store.process(before.piece, cut({ a: ["1", "2"], b: ["3", "4"] }));
    const after = pieces("film", { renamedFrom: "video" });
    await carriedOver(store, after.video);
    await store.write(after.video, videos("d"));
    // Only d has run under the new name, and has a piece that was one of b.
    await store.process(after.piece, cut({ d: ["4"] }), untyped({ filters: { film: "video_id = 'd'" } }));
    expect(await carriedOver(store, after.piece)).toMatchObject({ samples: 2, rows: 2, emptyParents: 1 });
    expect(await counts(store, after.piece)).toEqual({ ...nothing, new: 1 });
    const found = await store.read(after.piece).toArray();
    expect(found.map((row) => (row as unknown as { piece: string }).piece).sort()).toEqual(["1", "2", "4"]);
  });

  it("are left where their parent was found empty since, or is no longer", async () => {
    await using store = await openStore(await freshPath());
    const before = pieces("video");
    await store.write(before.video, videos("a", "b"));
    await store.process(before.piece, cut({ a: ["1"] }));
    const after = pieces("film", { renamedFrom: "video" });
    await carriedOver(store, after.video);
    await store.process(after.piece, cut({ b: ["2"] }));
    expect(await carriedOver(store, after.piece)).toMatchObject({ samples: 0, rows: 0, left: 0 });
    expect(await store.read(after.piece).toArray()).toMatchObject([{ piece: "2" }]);
    expect(await counts(store, after.piece)).toEqual(nothing);
  });
});

const number = { type: "number" };

/** A root alone, with columns of its own. */
function root(
  key: string,
  columns: Record<string, object>,
  ids: string[],
  feature: object,
  fields: object[] = [{ key: "default" }],
): AnyFeature {
  const built = buildSpec(key, { columns, ids, fields }) as { feature: object };
  const spec = { ...built, feature: { ...built.feature, ...feature } };
  return loadProject([spec], { hashLength: 64 })[key] as AnyFeature;
}

const provenance = { metaxy_provenance_by_field: { default: "1" } };

describe("a rename together with", () => {
  it("renames of columns, ids among them, carries these too", async () => {
    await using store = await openStore(await freshPath());
    const before = root("video", { id: text, length: number }, ["id"], {});
    await store.write(before, untyped([{ id: "a", length: 1.5, ...provenance }]));
    const columns = {
      video_id: { ...text, renamedFrom: "id" },
      length_s: { ...number, renamedFrom: "length" },
    };
    const after = root("film", columns, ["video_id"], { renamedFrom: "video" });
    expect(await carriedOver(store, after)).toMatchObject({ samples: 1, rows: 1 });
    expect(await store.read(after, { columns: untyped(["video_id", "length_s"]) }).toArray()).toMatchObject([
      { video_id: "a", length_s: 1.5 },
    ]);
  });

  it("a type that holds every value carries it, and any other is refused", async () => {
    await using store = await openStore(await freshPath());
    const before = root("video", { id: text, length: number, note: text }, ["id"], {});
    await store.write(before, untyped([{ id: "a", length: 2.5, note: "n", ...provenance }]));
    const film = (length: object, note: object) =>
      root("film", { id: text, length, note }, ["id"], { renamedFrom: "video" });
    await expect(carriedOver(store, film(integer, text))).rejects.toMatchObject({
      code: "column-type",
      facts: { column: "length", table: "video", rows: 1 },
    });
    await expect(carriedOver(store, film(number, number))).rejects.toMatchObject({ code: "column-type" });
    expect(await store.read(film(number, text)).toArray()).toEqual([]);
    expect(await carriedOver(store, film(number, text))).toMatchObject({ rows: 1 });
  });

  it("one that was made before it carries nothing, since newer rows stand between", async () => {
    await using store = await openStore(await freshPath());
    const fields = (...names: object[]) => root("video", { id: text }, ["id"], {}, names);
    const [first, second] = [{ key: "sound" }, { key: "frames" }];
    const [newFirst, newSecond] = [
      { key: "audio", renamedFrom: "sound" },
      { key: "pixels", renamedFrom: "frames" },
    ];
    const write = (feature: AnyFeature, id: string, sound: string, frames: string) =>
      store.write(feature, untyped([{ id, metaxy_provenance_by_field: { [sound]: "1", [frames]: "1" } }]));
    await write(fields(first, second), "a", "sound", "frames");
    const both = fields(newFirst, newSecond);
    expect(await carriedOver(store, both, { dryRun: true })).toMatchObject({ rows: 1 });
    const onlyFirst = fields(newFirst, second);
    await write(onlyFirst, "b", "audio", "frames");
    expect(await carriedOver(store, both)).toMatchObject({ rows: 0, supersededBy: onlyFirst.featureVersion });
    // Once it no longer says what was renamed before, the last rename counts.
    const cured = fields({ key: "audio" }, newSecond);
    expect(await carriedOver(store, cured)).toMatchObject({ rows: 1 });
    expect(await store.read(cured, { columns: untyped(["id"]) }).toArray()).toMatchObject([{ id: "b" }]);
  });
});
