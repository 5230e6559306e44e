import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import { isStemmaError, type Store } from "../../../../runtime/index.ts";
import { buildSpec, maybeText, text } from "../../../support/build-spec.ts";
import { loadProject } from "../../../support/load-project.ts";
import { untyped } from "../../../support/untyped.ts";

/** A root and a child that selects all of it; `extra` is how a further column of the root is declared. */
const project = (extra: Record<string, object>) =>
  loadProject(
    [
      buildSpec("video", { columns: { id: text, ...extra }, ids: ["id"] }),
      buildSpec("face", {
        columns: { id: text, n: { type: ["integer", "null"] } },
        ids: ["id"],
        deps: ["video"],
      }),
    ],
    { hashLength: 64 },
  );

const before = project({});
const after = project({ path: text });
const wasNullable = project({ path: maybeText });
const provenance = { metaxy_provenance_by_field: { default: "1" } };

async function storeWithOldRows(): Promise<Store> {
  const store = await openStore(":memory:");
  await store.write(untyped(before["video"]), untyped(["a", "b"].map((id) => ({ id, ...provenance }))));
  return store;
}

const isMissing = (error: unknown) => isStemmaError(error, "missing-required");

describe("stored rows that lack a column that is required now", () => {
  it("are refused by a read of that column, with their number and the cure, and by no other", async () => {
    await using store = await storeWithOldRows();
    const video = untyped(after["video"]);
    await expect(store.read(video).toArray()).rejects.toThrow(
      "2 stored rows of video lack path, which the spec requires now",
    );
    await expect(store.read(video).toArray()).rejects.toSatisfy(isMissing);
    expect(await store.read(video, { columns: untyped(["id"]) }).toArray()).toHaveLength(2);
  });

  it("read as null where that is asked for", async () => {
    await using store = await storeWithOldRows();
    const rows = await store.read(untyped(after["video"]), { lenient: true }).toArray();
    expect(rows).toMatchObject([
      { id: "a", path: null },
      { id: "b", path: null },
    ]);
  });

  it("don't stop a resolve; the sets below refuse them, or give null", async () => {
    await using store = await storeWithOldRows();
    const face = untyped(after["face"]);
    const increment = await store.resolve(face);
    expect(increment.counts).toEqual({ new: 2, stale: 0, orphaned: 0 });
    await expect(increment.new.toArray()).rejects.toSatisfy(isMissing);
    expect(await increment.new.select(untyped("id")).toArray()).toHaveLength(2);
    const lenient = await store.resolve(face, { lenient: true });
    expect(await lenient.new.toArray()).toMatchObject([{ path: null }, { path: null }]);
  });

  it("count once they are written again, and where null was allowed before", async () => {
    await using store = await openStore(":memory:");
    const rows = ["a", "b"].map((id) => ({ id, path: id === "a" ? "p" : null, ...provenance }));
    await store.write(untyped(wasNullable["video"]), untyped(rows));
    await expect(store.read(untyped(after["video"])).toArray()).rejects.toThrow(
      "1 stored row of video lacks",
    );
    await store.write(untyped(after["video"]), untyped([{ id: "b", path: "q", ...provenance }]));
    expect(await store.read(untyped(after["video"])).toArray()).toMatchObject([{ path: "p" }, { path: "q" }]);
  });
});

describe("stored rows that lack a value inside a column that is required now", () => {
  const boxes = (required: string[]) => ({
    type: "array",
    items: {
      type: "object",
      properties: { x: { type: "number" }, label: { type: "string" } },
      required,
      additionalProperties: false,
    },
  });

  it("are refused by a read of that column, or read with null there", async () => {
    await using store = await openStore(":memory:");
    const old = project({ boxes: boxes(["x"]) })["video"];
    const rows = [
      { id: "a", boxes: [{ x: 1, label: "l" }] },
      { id: "b", boxes: [{ x: 1, label: "l" }, { x: 2 }] },
    ];
    await store.write(untyped(old), untyped(rows.map((row) => ({ ...row, ...provenance }))));
    const now = untyped(project({ boxes: boxes(["x", "label"]) })["video"]);
    await expect(store.read(now).toArray()).rejects.toThrow("1 stored row of video lacks values in boxes");
    const lenient = await store.read(now, { lenient: true }).toArray();
    expect(lenient).toMatchObject([{}, { boxes: [{ label: "l" }, { x: 2, label: null }] }]);
  });
});
