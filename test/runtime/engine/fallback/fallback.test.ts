import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature, Store } from "../../../../runtime/index.ts";
import { buildSpec, integer, text } from "../../../support/build-spec.ts";
import { freshCopy, freshPath } from "../../../support/fresh-path.ts";
import { loadProject } from "../../../support/load-project.ts";
import { refusalOf } from "../../../support/refusal-of.ts";
import { untyped } from "../../../support/untyped.ts";

const specs = (version = "1") => [
  buildSpec("video", {
    columns: { video_id: text, seconds: integer },
    ids: ["video_id"],
    fields: [{ key: "frames", codeVersion: version }],
  }),
  buildSpec("copy", { columns: { video_id: text }, ids: ["video_id"], deps: ["video"] }),
  buildSpec("second", { columns: { video_id: text }, ids: ["video_id"], deps: ["copy"] }),
];
type Features = Record<"video" | "copy" | "second", AnyFeature>;
const load = (version?: string) => loadProject(specs(version), { hashLength: 64 }) as Features;
const { video: Video, copy: Copy, second: Second } = load();

const video = (video_id: string, seconds = 1) => ({
  video_id,
  seconds,
  metaxy_provenance_by_field: { frames: `${video_id}${seconds}` },
});
const values = (item: unknown) => item as Readonly<Record<string, unknown>>;
const idsOf = async (store: Store, feature: AnyFeature, options: object = {}) =>
  ((await store.read(feature, untyped(options)).toArray()) as unknown[]).map(
    (row) => values(row)["video_id"],
  );
const process = (store: Store, feature: AnyFeature) =>
  store.process(feature, async (item) => untyped({ video_id: values(item)["video_id"] }));

/** A file with some videos, and their copies if asked for. */
async function stored(ids: readonly string[], copied = false): Promise<string> {
  const path = await freshPath();
  await using store = await openStore(path);
  await store.write(Video, untyped(ids.map((id) => video(id))));
  if (copied) await process(store, Copy);
  return path;
}

async function countsOf(store: Store, feature: AnyFeature): Promise<unknown> {
  await using increment = await store.resolve(feature);
  await using full = await store.resolve(feature, { fullRefresh: true });
  expect(full.counts).toEqual(increment.counts);
  return increment.counts;
}

describe("a fallback", () => {
  it("gives features that the store lacks, and says that it does", async () => {
    const prod = await stored(["a", "b"]);
    await using store = await openStore(":memory:", { fallback: [prod] });
    const rows = store.read(Video);
    expect(await rows.answeredBy()).toBe(prod);
    expect(await rows.count()).toBe(2);
    expect(await idsOf(store, Video)).toEqual(["a", "b"]);
    expect(
      await idsOf(store, Video, { filters: "video_id = 'b'", allVersions: true, history: true }),
    ).toEqual(["b"]);
    expect(await idsOf(store, Video, { fallback: false })).toEqual([]);
    expect(await store.read(Video, { fallback: false }).answeredBy()).toBe("the in-memory store");
    expect(await store.read(Copy).answeredBy()).toBe("the in-memory store");
  });

  it("is the upstream of what is computed here, and never the stored side", async () => {
    const prod = await stored(["a", "b"], true);
    await using store = await openStore(":memory:", { fallback: [prod] });
    expect(await countsOf(store, Copy)).toEqual({ new: 2, stale: 0, orphaned: 0 });
    await process(store, Copy);
    expect(await countsOf(store, Copy)).toEqual({ new: 0, stale: 0, orphaned: 0 });
    expect(await store.read(Copy).answeredBy()).toBe("the in-memory store");
    await process(store, Second);
    expect(await idsOf(store, Second)).toEqual(["a", "b"]);
    await store.close();
    await using prodStore = await openStore(prod);
    expect(await prodStore.drop(Second, { dryRun: true })).toMatchObject({ existed: false });
  });

  it("is asked in order, for whole features", async () => {
    const [first, second] = [await stored(["a"]), await stored(["a", "b"], true)];
    await using store = await openStore(":memory:", { fallback: [first, second] });
    expect(await idsOf(store, Video)).toEqual(["a"]);
    expect(await store.read(Copy).answeredBy()).toBe(second);
    expect(await idsOf(store, Copy)).toEqual(["a", "b"]);
    await store.write(Video, untyped([video("own")]));
    expect(await idsOf(store, Video)).toEqual(["own"]);
    expect(await store.read(Video).answeredBy()).toBe("the in-memory store");
  });

  it("gives way to the store's own rows once there are any, also for what was resolved before", async () => {
    const [prod, path] = [await stored(["a", "b"]), await freshPath()];
    {
      await using store = await openStore(path, { fallback: [prod] });
      await process(store, Copy);
      expect(await countsOf(store, Copy)).toEqual({ new: 0, stale: 0, orphaned: 0 });
      await store.write(Video, untyped([video("b"), video("c")]));
      expect(await countsOf(store, Copy)).toEqual({ new: 1, stale: 0, orphaned: 1 });
    }
    await using store = await openStore(path, { fallback: [prod] });
    expect(await countsOf(store, Copy)).toEqual({ new: 1, stale: 0, orphaned: 1 });
  });

  it("shows what was written to it since, and what is stored under older versions only", async () => {
    const [prod, path] = [await stored(["a", "b"]), await freshPath()];
    {
      await using store = await openStore(path, { fallback: [prod] });
      await process(store, Copy);
    }
    {
      await using writer = await openStore(prod);
      await writer.write(Video, untyped([video("a", 2), video("c")]));
      await writer.delete(Video, untyped({ video_id: "b" }));
    }
    await using store = await openStore(path, { fallback: [prod] });
    expect(await countsOf(store, Copy)).toEqual({ new: 1, stale: 1, orphaned: 1 });
    await using increment = await store.resolve(load("2").copy);
    expect(increment.pendingUpstream).toMatchObject([
      { feature: "video", samples: 2, reason: "older-version" },
    ]);
  });

  it("may be a store of the Python system", async () => {
    const python = await freshCopy("test/vectors/stores/map-64.duckdb");
    const Raw = loadProject(
      [
        buildSpec("call/raw", {
          columns: { call_id: text },
          ids: ["call_id"],
          fields: ["audio", "meta/channel"],
        }),
      ],
      { hashLength: 64 },
    )["call/raw"] as AnyFeature;
    await using store = await openStore(":memory:", { fallback: [python] });
    expect(await store.read(Raw, { allVersions: true }).count()).toBeGreaterThan(0);
    expect((await store.read(Raw, { allVersions: true }).toArray()).length).toBeGreaterThan(0);
  });

  it("is let go when the store closes: it can be written again, and is read anew", async () => {
    const [prod, path] = [await stored(["a"]), await freshPath()];
    await using plain = await openStore(path);
    {
      await using store = await openStore(path, { fallback: [prod] });
      expect(await idsOf(store, Video)).toEqual(["a"]);
      const { code, message } = await refusalOf(openStore(prod));
      expect(code).toBe("database-locked");
      expect(message).toContain("is a fallback of");
      await using reader = await openStore(prod, { readOnly: true });
      expect(await idsOf(reader, Video)).toEqual(["a"]);
    }
    {
      await using writer = await openStore(prod);
      await writer.write(Video, untyped([video("b")]));
      expect((await refusalOf(openStore(":memory:", { fallback: [prod] }))).code).toBe("database-locked");
    }
    await using store = await openStore(path, { fallback: [prod] });
    expect(await idsOf(store, Video)).toEqual(["a", "b"]);
    expect(await idsOf(plain, Video)).toEqual([]);
  });

  it("refuses a file that is missing, the store itself, another hash and what is no list of files", async () => {
    const [prod, path] = [await stored(["a"]), await freshPath()];
    const codeOf = async (fallback: unknown, options: object = {}) =>
      (await refusalOf(openStore(path, { ...options, fallback: untyped(fallback) }))).code;
    expect(await codeOf([`${prod}.nobody`])).toBe("database-not-found");
    expect(await codeOf([path])).toBe("same-store");
    expect(await codeOf([prod, prod])).toBe("same-store");
    expect(await codeOf([":memory:"])).toBe("unsupported-database");
    expect(await codeOf(prod)).toBe("wrong-type");
    expect(await codeOf([prod], { hash: "sha256" })).toBe("hash-mismatch");
    await using store = await openStore(path);
    await store.write(Video, untyped([video("own")]));
    expect(await idsOf(store, Video)).toEqual(["own"]);
  });
});
