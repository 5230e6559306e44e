import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, it } from "vitest";
import { openStore } from "../../../runtime/duckdb/index.ts";
import { Session } from "../../../runtime/duckdb/session.ts";
import { buildSpec, text } from "../../support/build-spec.ts";
import { freshPath } from "../../support/fresh-path.ts";
import { loadFeature } from "../../support/load-project.ts";
import { untyped } from "../../support/untyped.ts";

const Note = loadFeature([buildSpec("note", { columns: { id: text }, ids: ["id"], fields: ["x"] })], "note");
const row = (id: string) => ({ id, metaxy_provenance_by_field: { x: id } });

describe("the traps of DuckDB's bindings", () => {
  it("a transaction whose statement failed never passes for committed, even if the error is swallowed", async () => {
    const instance = await DuckDBInstance.create(":memory:");
    const session = new Session(await instance.connect(), "test");
    await session.run("CREATE TABLE t (n INTEGER)");
    const write = session.transaction(async () => {
      await session.run("INSERT INTO t VALUES (1)");
      await session.run("INSERT INTO t VALUES ('no number')").catch(() => undefined);
    });
    await expect(write).rejects.toMatchObject({
      code: "database",
      message: expect.stringMatching(/nothing of it was kept/),
    });
    expect(await session.rows("SELECT * FROM t")).toEqual([]);
    await session.transaction(() => session.run("INSERT INTO t VALUES (2)"));
    expect(await session.rows("SELECT * FROM t")).toEqual([{ n: 2 }]);
  });

  it("two stores on one file share one database, so that none overwrites what the other committed", async () => {
    const path = await freshPath();
    const one = await openStore(path);
    const two = await openStore(path);
    for (let n = 0; n < 50; n++) {
      await one.write(Note, untyped([row(`one${n}`)]));
      await two.write(Note, untyped([row(`two${n}`)]));
    }
    await two.close();
    await one.close();
    await using again = await openStore(path);
    expect(await again.read(Note).toArray()).toHaveLength(100);
  });

  it("a text that begins with U+FEFF is read as it is stored, wherever it lies", async () => {
    await using store = await openStore(":memory:");
    const texts = loadFeature(
      [
        buildSpec("texts", {
          columns: {
            id: text,
            list: { type: "array", items: text },
            box: { type: "object", properties: { a: text }, required: ["a"] },
            map: { type: "object", additionalProperties: text },
            free: { anyOf: [text, { type: "number" }] },
          },
          ids: ["id"],
        }),
      ],
      "texts",
    );
    const marked = "\ufeffa";
    const rows = [marked, "b", `${"x".repeat(600)}`, `\ufeff${"y".repeat(600)}`, "\ufeff"].map((id) => ({
      id,
      list: [marked, "", "\ufeff"],
      box: { a: marked },
      map: { [marked]: marked },
      free: marked,
    }));
    const provenance = { metaxy_provenance_by_field: { default: "\ufeffp" } };
    await store.write(texts, untyped(rows.map((one) => ({ ...one, ...provenance }))));
    const read = (await store.read(texts).toArray()) as unknown as Record<string, unknown>[];
    for (const expected of rows)
      expect(read.find(({ id }) => id === expected.id)).toMatchObject({ ...expected, ...provenance });
  });

  it("a file that another process holds gives one clear error", async () => {
    const path = await freshPath();
    const holder = await heldFile(path);
    const error = await openStore(path).catch((thrown: unknown) => thrown);
    holder.kill();
    await once(holder, "exit");
    expect(error).toMatchObject({
      code: "database-locked",
      message: expect.stringMatching(/held by another process.*PID/),
      cause: expect.any(Error),
    });
    await using store = await openStore(path);
    expect(store).toBeDefined();
  });

  it("a file that another process holds is opened once it is free, within the time of retry", async () => {
    const path = await freshPath();
    const holder = await heldFile(path);
    const soon = await openStore(path, { retry: { seconds: 0.2 } }).catch((thrown: unknown) => thrown);
    expect(soon).toMatchObject({ code: "database-locked" });
    const opening = openStore(path, { retry: { seconds: 60 } });
    holder.kill();
    await using store = await opening;
    await store.write(Note, untyped([row("a")]));
  });

  it("an open store of this process with other settings is not waited for", async () => {
    const path = await freshPath();
    await using _store = await openStore(path);
    // It would take longer than a test may.
    const refused = openStore(path, { readOnly: true, retry: { seconds: 3600 } });
    await expect(refused).rejects.toMatchObject({ code: "database-locked" });
    for (const retry of [{ seconds: -1 }, { seconds: Number.NaN }, { minutes: 1 }, {}])
      await expect(openStore(path, untyped({ retry }))).rejects.toMatchObject({ code: "wrong-type" });
  });

  it("a process that is killed while it writes loses no committed row and leaves no half write", async () => {
    const path = await freshPath();
    const writer = spawn(
      process.execPath,
      ["--import", "tsx", "--conditions=stemma-source", "test/support/endless-writer.ts", path],
      { stdio: ["ignore", "pipe", "inherit"], cwd: new URL("../../..", import.meta.url) },
    );
    let written = 0;
    for await (const lines of writer.stdout) {
      written += String(lines).trim().split("\n").length;
      if (written >= 3) break;
    }
    writer.kill("SIGKILL");
    if (writer.exitCode === null && writer.signalCode === null) await once(writer, "exit");
    await using store = await openStore(path);
    const rows = (await store.read(Note).toArray()) as unknown as { id: string }[];
    const sizes = new Map<string, number>();
    for (const { id } of rows) {
      const [batch = ""] = id.split("-");
      sizes.set(batch, (sizes.get(batch) ?? 0) + 1);
    }
    expect(sizes.size).toBeGreaterThanOrEqual(3);
    expect([...sizes.values()].every((size) => size === 5000)).toBe(true);
  });
});

/** Holds a file in a process of its own, until that is killed. */
async function heldFile(path: string): Promise<ChildProcess> {
  const holder = spawn(process.execPath, ["--input-type=module", "-e", holdDatabase], {
    env: { ...process.env, DATABASE: path },
    stdio: ["pipe", "pipe", "inherit"],
    cwd: new URL("../../..", import.meta.url),
  });
  await once(holder.stdout, "data");
  return holder;
}

const holdDatabase = `
  import { DuckDBInstance } from "@duckdb/node-api";
  const connection = await (await DuckDBInstance.create(process.env.DATABASE)).connect();
  console.log("open");
  setInterval(() => connection, 1000);
`;
