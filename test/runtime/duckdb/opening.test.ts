import { copyFile, mkdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, it } from "vitest";
import { checkpointDatabase } from "../../../runtime/duckdb/checkpoint-database.ts";
import { openStore, type StoreOptions } from "../../../runtime/duckdb/index.ts";
import { locateDatabase } from "../../../runtime/duckdb/locate-database.ts";
import { openDatabase } from "../../../runtime/duckdb/open-database.ts";
import type { Store } from "../../../runtime/index.ts";
import { buildSpec, text } from "../../support/build-spec.ts";
import { simulateAt } from "../../support/count-rows.ts";
import { freshPath } from "../../support/fresh-path.ts";
import { killedSql } from "../../support/killed-sql.ts";
import { loadFeature, loadProject } from "../../support/load-project.ts";
import { untyped } from "../../support/untyped.ts";

const note = { columns: { id: text }, ids: ["id"] };
const Note = loadFeature([buildSpec("note", { ...note, fields: ["x"] })], "note");
const Wider = loadFeature([buildSpec("note", { ...note, fields: ["x", "y"] })], "note");
const row = (id: string) => ({ id, metaxy_provenance_by_field: { x: "p" } });

async function ids(store: Store, feature = Note): Promise<string[]> {
  const rows = (await store.read(feature).toArray()) as unknown as { readonly id: string }[];
  return rows.map(({ id }) => id);
}

/** A file with a note, whose log DuckDB can't replay by itself. */
async function unreplayable(): Promise<string> {
  const path = await freshPath();
  {
    await using store = await openStore(path);
    await store.write(Note, untyped([row("a")]));
  }
  await killedSql(
    path,
    "ALTER TABLE note ADD COLUMN metaxy_provenance_by_field.y VARCHAR",
    "ALTER TABLE note ADD COLUMN metaxy_data_version_by_field.y VARCHAR",
    `INSERT INTO note BY NAME SELECT 'b' AS id, {'x': '1', 'y': '2'} AS metaxy_provenance_by_field,
       '3' AS metaxy_provenance, '${Note.featureVersion}' AS metaxy_feature_version, now() AS metaxy_updated_at`,
  );
  await expect(DuckDBInstance.create(path)).rejects.toThrow(/Failure while replaying WAL/);
  return path;
}

async function logSize(path: string): Promise<number> {
  return stat(`${path}.wal`).then(
    ({ size }) => size,
    () => 0,
  );
}

describe("a log that DuckDB can't replay by itself", () => {
  it("is brought into the file when it is opened for writing", async () => {
    const path = await unreplayable();
    {
      await using store = await openStore(path);
      expect(await ids(store)).toEqual(["a", "b"]);
      await store.write(Wider, untyped([{ id: "c", metaxy_provenance_by_field: { x: "1", y: "2" } }]));
    }
    const instance = await DuckDBInstance.create(path);
    instance.closeSync();
    await using again = await openStore(path);
    expect(await ids(again)).toEqual(["a", "b"]);
    expect(await ids(again, Wider)).toEqual(["c"]);
  });

  it("is read as it is when it is opened read-only, and nothing is written", async () => {
    const path = await unreplayable();
    const contents = async () =>
      Promise.all([path, `${path}.wal`].map(async (file) => (await readFile(file)).toString("base64")));
    const before = await contents();
    {
      await using store = await openStore(path, { readOnly: true });
      await using second = await openStore(path, { readOnly: true });
      expect(await ids(store)).toEqual(["a", "b"]);
      expect(await ids(second)).toEqual(["a", "b"]);
      await expect(store.write(Note, untyped([row("c")]))).rejects.toMatchObject({ code: "read-only" });
      await expect(openStore(path)).rejects.toMatchObject({
        code: "database-locked",
        message: expect.stringMatching(/other settings/),
      });
    }
    expect((await contents()).every((content, index) => content === before[index])).toBe(true);
    await using store = await openStore(path);
    expect(await ids(store)).toEqual(["a", "b"]);
  });

  it("is counted from", async () => {
    const path = await unreplayable();
    const { counts } = await simulateAt(path, [
      { feature: Note, permissive: Note, retainedColumns: ["id"], keys: {}, valueDependencies: [] },
    ]);
    expect(counts.get("note")).toMatchObject({ upToDate: 2 });
  });

  it("is brought into a file with a name of DuckDB's own", async () => {
    const [from, path] = [await unreplayable(), await freshPath("Main.duckdb")];
    for (const ending of ["", ".wal"]) await copyFile(`${from}${ending}`, `${path}${ending}`);
    {
      await using store = await openStore(path, { readOnly: true });
      expect(await ids(store)).toEqual(["a", "b"]);
      expect(await logSize(path)).toBeGreaterThan(0);
    }
    await using store = await openStore(path);
    expect(await logSize(path)).toBe(0);
    expect(await ids(store)).toEqual(["a", "b"]);
  });

  it("is opened once, though several open it at a time", async () => {
    const path = await unreplayable();
    const stores = await Promise.all([openStore(path), openStore(path), openStore(path)]);
    await Promise.all(stores.map((store, n) => store.write(Note, untyped([row(`n${n}`)]))));
    for (const store of stores) expect(await ids(store)).toEqual(["a", "b", "n0", "n1", "n2"]);
    for (const store of stores) await store.close();
    await using again = await openStore(path);
    expect(await ids(again)).toHaveLength(5);
  });
});

describe("a log of a killed process", () => {
  it("is brought into the file when it is opened for writing, and left alone read-only", async () => {
    const path = await freshPath();
    {
      await using store = await openStore(path);
      await store.write(Note, untyped([row("a")]));
    }
    await killedSql(path, "CREATE TABLE other AS SELECT 1 AS n");
    const size = await logSize(path);
    expect(size).toBeGreaterThan(0);
    {
      await using store = await openStore(path, { readOnly: true });
      expect(await ids(store)).toEqual(["a"]);
      expect(await logSize(path)).toBe(size);
    }
    await using store = await openStore(path);
    expect(await logSize(path)).toBe(0);
    await store.write(Note, untyped([row("b")]));
    const waiting = await logSize(path);
    expect(waiting).toBeGreaterThan(0);
    // The log of a store that is open is its own.
    await using second = await openStore(path);
    expect(await logSize(path)).toBe(waiting);
    expect(await ids(second)).toEqual(["a", "b"]);
  });
});

describe("names of files", () => {
  const names = [
    ...["Main.duckdb", "MAIN.db", "mAin", "Temp.duckdb", "TEMP", "System.duckdb", "sYsTeM.a.b"],
    ...["main.duckdb", "temp.db", "system", "memory.duckdb", "Memory.db", "stemma_file.duckdb"],
    ...["information_schema.db", "PG_catalog", "a b'c\"d.duckdb", "über 📼#?%.duckdb", ".duckdb", "note"],
  ];
  for (const name of names) {
    it(name, async () => {
      const path = await freshPath(name);
      const { root, child } = pair();
      {
        await using store = await openStore(path);
        await using second = await openStore(path);
        await store.write(root, untyped([row("a"), row("b")]));
        await using increment = await second.resolve(child);
        expect(increment.counts).toEqual({ new: 2, stale: 0, orphaned: 0 });
        await increment.write(untyped(increment.new));
      }
      {
        await using store = await openStore(path, { readOnly: true });
        await using increment = await store.resolve(child);
        expect(increment.counts).toEqual({ new: 0, stale: 0, orphaned: 0 });
        expect(await ids(store, child)).toEqual(["a", "b"]);
      }
      const { counts } = await simulateAt(path, [
        { feature: root, permissive: root, retainedColumns: ["id"], keys: {}, valueDependencies: [] },
      ]);
      expect(counts.get("root")).toMatchObject({ upToDate: 2 });
      await using last = await openStore(path);
      expect(await ids(last, child)).toEqual(["a", "b"]);
    });
  }

  it("by another way to the same file, which is one store", async () => {
    for (const name of ["store.duckdb", "Main.duckdb"]) {
      const path = await freshPath(name);
      await using store = await openStore(path);
      await store.write(Note, untyped([row("a")]));
      await mkdir(join(dirname(path), "other"));
      const link = join(dirname(path), "other", "Linked.duckdb");
      await symlink(path, link);
      await using linked = await openStore(link);
      await linked.write(Note, untyped([row("b")]));
      expect(await ids(store)).toEqual(["a", "b"]);
    }
  });

  it("that are DuckDB's hold settings too", async () => {
    const path = await freshPath("Main.duckdb");
    const duckdb = { enable_external_access: "false", lock_configuration: "true", threads: "1" };
    await using store = await openStore(path, { duckdb });
    await using second = await openStore(path, { duckdb });
    await store.write(Note, untyped([row("a")]));
    expect(await ids(second)).toEqual(["a"]);
    const sql = `SELECT id, {'x': 'p'} AS metaxy_provenance_by_field FROM read_csv('${path}.csv')`;
    await expect(store.write(Note, untyped({ sql }))).rejects.toMatchObject({
      message: expect.stringMatching(/disabled/),
    });
    await expect(openStore(path)).rejects.toMatchObject({
      code: "database-locked",
      message: expect.stringMatching(/other settings/),
    });
  });

  it("that are URLs are refused, and no file appears", async () => {
    const urls = [
      "md:my_db",
      "ducklake:m.ducklake",
      "postgres:dbname=x",
      "file:x.duckdb",
      "MD:x",
      "s3://b/x.duckdb",
    ];
    for (const url of urls) {
      await expect(openStore(url)).rejects.toMatchObject({
        name: "InputError",
        code: "unsupported-database",
        message: expect.stringMatching(/not supported yet.*Pass the path of a file/),
      });
      await expect(stat(url)).rejects.toThrow(/ENOENT/);
    }
    // A drive of Windows is no URL: here it is a folder that does not exist.
    await expect(openStore("C:/no/folder/x.duckdb")).rejects.toMatchObject({ code: "database-not-found" });
    for (const nothing of ["", " ", ":memory", ":MEMORY:", ":memory.duckdb", "a\0b", undefined, 7])
      await expect(openStore(untyped(nothing))).rejects.toMatchObject({ code: "unsupported-database" });
    const inFolder = join(dirname(await freshPath()), "md:my_db");
    await using store = await openStore(inFolder);
    await store.write(Note, untyped([row("a")]));
    expect((await stat(inFolder)).isFile()).toBe(true);
  });
});

describe("databases in memory", () => {
  it("are shared by name within the process, and each its own without one", async () => {
    await using one = await openStore(":memory:shared");
    await using two = await openStore(":memory:shared");
    await using reader = await openStore(":memory:shared", { readOnly: true });
    await using other = await openStore(":memory:other");
    await using own = await openStore(":memory:");
    await one.write(Note, untyped([row("a")]));
    await two.write(Note, untyped([row("b")]));
    await own.write(Note, untyped([row("c")]));
    for (const store of [one, two, reader]) expect(await ids(store)).toEqual(["a", "b"]);
    expect(await ids(other)).toEqual([]);
    expect(await ids(own)).toEqual(["c"]);
    await expect(reader.write(Note, untyped([row("d")]))).rejects.toMatchObject({ code: "read-only" });
    await expect(stat(":memory:shared")).rejects.toThrow(/ENOENT/);
  });

  it("end with their last store", async () => {
    {
      await using store = await openStore(":memory:gone");
      await store.write(Note, untyped([row("a")]));
    }
    await using again = await openStore(":memory:gone");
    expect(await ids(again)).toEqual([]);
  });
});

describe("files that can't be opened", () => {
  it("of a newer DuckDB, with three ways out", async () => {
    const path = await ofStorageVersion(69n);
    for (const readOnly of [true, false])
      await expect(openStore(path, { readOnly })).rejects.toMatchObject({
        code: "database-unreadable",
        message:
          /newer DuckDB.*storage version is 69, and 64 to 68.*let Stemma make the file.*storage_compatibility_version.*COPY FROM DATABASE/,
      });
  });

  it("of an old DuckDB", async () => {
    await expect(openStore(await ofStorageVersion(38n))).rejects.toMatchObject({
      code: "database-unreadable",
      message: expect.stringMatching(/old DuckDB.*EXPORT DATABASE/),
    });
  });

  it.each([
    ["notes.json", '[{ "id": "a" }]'],
    ["notes.csv", "id,note\na,b\n"],
    ["notes.parquet", "PAR1"],
  ])("of another format, which DuckDB would open in memory: %s", async (name, content) => {
    const path = await freshPath(name);
    await writeFile(path, content);
    for (const readOnly of [true, false])
      await expect(openStore(path, { readOnly })).rejects.toMatchObject({ code: "database-unreadable" });
    expect(await readFile(path, "utf8")).toBe(content);
  });

  it("that are damaged, cut off, or something else", async () => {
    const path = await freshPath();
    {
      await using store = await openStore(path);
      await store.write(Note, untyped([row("a")]));
    }
    const bytes = await readFile(path);
    const damaged = Buffer.from(bytes);
    damaged[5000] = (damaged[5000] ?? 0) ^ 255;
    const files: [name: string, Buffer, message: RegExp][] = [
      ["damaged", damaged, /is damaged/],
      ["cut", bytes.subarray(0, 9000), /is damaged/],
      ["empty", Buffer.alloc(0), /another kind of file/],
      ["text", Buffer.from("some text"), /another kind of file/],
      ["sqlite", Buffer.from(`SQLite format 3\0${"a".repeat(100)}`), /not a DuckDB database/],
    ];
    for (const [name, content, message] of files) {
      for (const folder of ["Main.duckdb", "x.duckdb"]) {
        const file = join(dirname(path), name, folder);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, content);
        for (const readOnly of [true, false])
          await expect(openStore(file, { readOnly }), `${name} ${folder}`).rejects.toMatchObject({
            code: "database-unreadable",
            message: expect.stringMatching(message),
          });
      }
    }
  });
});

describe("settings of DuckDB", () => {
  const refused: readonly [settings: Record<string, unknown>, code: string, message: RegExp][] = [
    [{ default_order: "DESC" }, "unknown-option", /duckdb\.default_order can't be set.*order.*Leave it out/],
    [{ DEFAULT_NULL_ORDER: "nulls_first" }, "unknown-option", /default_null_order/],
    [{ default_collation: "NOCASE" }, "unknown-option", /which values are equal/],
    [{ TimeZone: "Asia/Tokyo" }, "unknown-option", /timezone/],
    [{ Calendar: "japanese" }, "unknown-option", /calendar/],
    [{ integer_division: "true" }, "unknown-option", /integer_division/],
    [{ ieee_floating_point_ops: "false" }, "unknown-option", /ieee_floating_point_ops/],
    [{ old_implicit_casting: "true" }, "unknown-option", /old_implicit_casting/],
    [{ preserve_insertion_order: "false" }, "unknown-option", /preserve_insertion_order/],
    [{ errors_as_json: "true" }, "unknown-option", /errors_as_json/],
    [{ search_path: "other" }, "unknown-option", /search_path.*main/],
    [{ schema: "other" }, "unknown-option", /schema/],
    [{ access_mode: "READ_ONLY" }, "unknown-option", /readOnly/],
    [{ lock_configuration: "perhaps" }, "wrong-type", /lock_configuration.*true or false/],
    [{ memory_limit: "lots" }, "wrong-type", /duckdb\.memory_limit can't be "lots"/],
    [{ threads: "2", memory_limit: "lots" }, "wrong-type", /duckdb\.memory_limit can't be "lots"/],
    [{ threads: "-1" }, "wrong-type", /duckdb\.threads can't be "-1"/],
    [{ binary_as_string: "true" }, "wrong-type", /duckdb\.binary_as_string can't be "true"/],
    [{ enable_progress_bar: "true" }, "wrong-type", /enable_progress_bar.*connection/],
    [{ memory_limt: "1GB" }, "unknown-option", /memory_limt is not a setting.*Did you mean memory_limit/],
    [{ threads: null }, "wrong-type", /duckdb\.threads has to be a string/],
  ];
  for (const [settings, code, message] of refused) {
    it(`${JSON.stringify(settings)} is refused`, async () => {
      const path = await freshPath();
      for (const database of [path, ":memory:", ":memory:settings", path.replace("store", "Main")]) {
        await expect(openStore(database, { duckdb: untyped(settings) })).rejects.toMatchObject({
          name: "InputError",
          code,
          message: expect.stringMatching(message),
        });
      }
      await expect(stat(path)).rejects.toThrow(/ENOENT/);
    });
  }

  it("that say what is so anyway, and others, are taken", async () => {
    const duckdb = { TimeZone: "utc", default_order: "asc", preserve_insertion_order: "true", threads: 1 };
    for (const database of [await freshPath(), ":memory:"]) {
      await using store = await openStore(database, { duckdb: untyped({ ...duckdb, memory_limit: "1GB" }) });
      await store.write(Note, untyped([row("a")]));
      expect(await ids(store)).toEqual(["a"]);
    }
  });

  it("can be locked", async () => {
    for (const database of [
      await freshPath(),
      await freshPath("Main.duckdb"),
      ":memory:",
      ":memory:locked",
    ]) {
      const options: StoreOptions = { duckdb: { lock_configuration: "true" } };
      await using store = await openStore(database, options);
      await using second = await openStore(database, options);
      const { root, child } = pair();
      await store.write(root, untyped([row("a")]));
      await second.write(root, untyped([row("a")]));
      await using increment = await store.resolve(child);
      await increment.write(untyped(increment.new));
      expect(await settingsSeenBy(store)).toMatchObject({ lock: "true", zone: "UTC" });
    }
  });

  it("are those of the store, whatever somebody else sets on the same database", async () => {
    const path = await freshPath();
    const { root, group } = groups();
    await using store = await openStore(path);
    const rows = ["A", "a", "b"].map((id) => ({ id, k: id, metaxy_provenance_by_field: { x: id } }));
    await store.write(root, untyped([...rows, { ...rows[0], id: "C", k: "a" }]));
    {
      await using increment = await store.resolve(group);
      await increment.write(untyped(["A", "a", "b"].map((k) => ({ k }))));
    }
    const instance = await DuckDBInstance.fromCache(path, { autoinstall_known_extensions: "false" });
    const connection = await instance.connect();
    const others = [
      ...["default_order = 'DESC'", "default_null_order = 'nulls_first'", "default_collation = 'NOCASE'"],
      ...["TimeZone = 'Asia/Tokyo'", "integer_division = true", "old_implicit_casting = true"],
      ...["ieee_floating_point_ops = false", "preserve_insertion_order = false", "Calendar = 'japanese'"],
    ];
    for (const setting of others) await connection.run(`SET GLOBAL ${setting}`);
    await using second = await openStore(path);
    for (const one of [store, second]) {
      await using increment = await one.resolve(group, { fullRefresh: true });
      expect(increment.counts).toEqual({ new: 0, stale: 0, orphaned: 0 });
      expect(await one.read(root, { filters: "id = 'a'" }).toArray()).toHaveLength(1);
      expect(await settingsSeenBy(one)).toMatchObject({ zone: "UTC", order: "ASC" });
    }
    connection.closeSync();
    instance.closeSync();
  });
});

/** Rows of a query run within the store. */
async function settingsSeenBy(store: Store): Promise<Record<string, string>> {
  const Seen = loadFeature(
    [
      buildSpec("seen", {
        columns: { id: text, lock: text, zone: text, order: text },
        ids: ["id"],
        fields: ["x"],
      }),
    ],
    "seen",
  );
  const sql = `SELECT 'a' AS id, current_setting('lock_configuration')::VARCHAR AS lock,
    current_setting('TimeZone') AS zone, current_setting('default_order') AS "order", {'x': 'p'} AS metaxy_provenance_by_field`;
  await store.write(Seen, untyped({ sql }));
  const [seen] = await store.read(Seen).toArray();
  return untyped(seen);
}

function pair() {
  const specs = [
    buildSpec("root", { ...note, fields: ["x"] }),
    buildSpec("child", { columns: { id: text }, ids: ["id"], deps: ["root"] }),
  ];
  const { root, child } = loadProject(specs, { hashLength: 64 });
  if (root === undefined || child === undefined) throw new Error("No such features");
  return { root, child };
}

function groups() {
  const deps = [{ feature: "root", lineage: { type: "aggregation", on: ["k"] } }];
  const specs = [
    buildSpec("root", { columns: { id: text, k: text }, ids: ["id"], fields: ["x"] }),
    buildSpec("group", { columns: { k: text }, ids: ["k"], deps }),
  ];
  const { root, group } = loadProject(specs, { hashLength: 64 });
  if (root === undefined || group === undefined) throw new Error("No such features");
  return { root, group };
}

/** A database file that says of itself that it has another storage version. */
async function ofStorageVersion(version: bigint): Promise<string> {
  const path = await freshPath();
  const instance = await DuckDBInstance.create(path);
  instance.closeSync();
  const changed = await freshPath();
  await copyFile(path, changed);
  const bytes = await readFile(changed);
  bytes.writeBigUInt64LE(version, 12);
  await writeFile(changed, bytes);
  // DuckDB says which checksum the block has now.
  const error = await DuckDBInstance.create(changed).catch((thrown: Error) => thrown);
  const [, checksum = ""] = /computed checksum (\d+)/.exec((error as Error).message) ?? [];
  bytes.writeBigUInt64LE(BigInt(checksum), 0);
  await writeFile(changed, bytes);
  return changed;
}

describe("a checkpoint", () => {
  it("is done unless another connection changes tables, and then says that it was not", async () => {
    const path = await freshPath();
    const location = await locateDatabase(path);
    const opened = await openDatabase(location, { first: {}, isLocked: false, readOnly: false });
    const [session, other] = [await opened.connect(), await opened.connect()];
    await session.run("CREATE TABLE t AS SELECT 1 AS n");
    expect(await logSize(path)).toBeGreaterThan(0);
    await other.run("BEGIN");
    await other.run("CREATE TABLE u AS SELECT 2 AS n");
    expect(await checkpointDatabase(session)).toBe(false);
    await other.run("COMMIT");
    expect(await checkpointDatabase(session)).toBe(true);
    expect(await logSize(path)).toBe(0);
    await session.close();
    await other.close();
    opened.close();
  });
});
