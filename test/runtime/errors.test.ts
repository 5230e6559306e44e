import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, it } from "vitest";
import { openStore } from "../../runtime/duckdb/index.ts";
import {
  type AnyFeature,
  isInputError,
  isStemmaError,
  isStoreError,
  type Store,
} from "../../runtime/index.ts";
import { buildSpec, integer, text } from "../support/build-spec.ts";
import { freshPath } from "../support/fresh-path.ts";
import { loadFeature } from "../support/load-project.ts";
import { untyped } from "../support/untyped.ts";

const root = buildSpec("root", { columns: { id: text, size: integer }, ids: ["id"], fields: ["x"] });
const child = buildSpec("child", { columns: { id: text }, ids: ["id"], deps: ["root"] });
const pair = buildSpec("pair", { columns: { k: text }, ids: ["k"], deps: ["many"] });
const many = buildSpec("many", { columns: { id: text, k: text }, ids: ["id"] });
const [Root, Child] = [loadFeature([root, child], "root"), loadFeature([root, child], "child")];
const row = (id: string) => ({ id, size: 1, metaxy_provenance_by_field: { x: "p" } });

/** Runs SQL on a database file from outside. */
async function outside(path: string, ...statements: string[]): Promise<void> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  for (const sql of statements) await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}

/** A feature with other traits than any that is generated. */
function withTraits(traits: object): AnyFeature {
  return { ...Child, plan: { ...Child.plan, traits: { ...Child.plan.traits, ...traits } } } as AnyFeature;
}

describe("opening a store", () => {
  const openings: readonly [
    name: string,
    path: () => Promise<string>,
    options: object,
    code: string,
    message: RegExp,
  ][] = [
    [
      "that does not exist, read-only",
      () => freshPath(),
      { readOnly: true },
      "database-not-found",
      /does not exist/,
    ],
    [
      "in a folder that does not exist",
      async () => join(await freshPath(), "no", "x.duckdb"),
      {},
      "database-not-found",
      /folder exists/,
    ],
    [
      "that is a folder",
      async () => dirname(await freshPath()),
      {},
      "database-unreadable",
      /not a DuckDB database/,
    ],
    [
      "that is another kind of file",
      async () => {
        const path = await freshPath();
        await writeFile(path, "no database at all, but a file with some text in it");
        return path;
      },
      {},
      "database-unreadable",
      /not a DuckDB database/,
    ],
    ["with a hash that does not exist", () => freshPath(), { hash: "crc" }, "unknown-option", /md5, sha256/],
    [
      "with a hash whose extension is not there",
      () => freshPath(),
      { hash: "xxhash64" },
      "hash-unavailable",
      /hashfuncs/,
    ],
  ];
  for (const [name, path, options, code, message] of openings) {
    it(name, async () => {
      await expect(openStore(await path(), options)).rejects.toMatchObject({ code, message });
    });
  }

  it("with another hash than it was made with", async () => {
    const path = await freshPath();
    {
      await using store = await openStore(path, { hash: "sha256" });
      await store.write(Root, untyped([row("a")]));
    }
    await expect(openStore(path, { hash: "md5" })).rejects.toMatchObject({
      code: "hash-mismatch",
      message: expect.stringMatching(/sha256, not with md5/),
    });
    await using again = await openStore(path);
    const [stored] = await again.read(Root).toArray();
    expect(stored).toMatchObject({ metaxy_provenance: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });
});

describe("resolving", () => {
  const resolves: readonly [
    name: string,
    prepare: (store: Store) => Promise<unknown>,
    code: string,
    message: RegExp,
  ][] = [
    ["a root without samples", (store) => store.resolve(Root), "samples-required", /Pass \{ samples \}/],
    [
      "without its upstream",
      (store) => store.resolve(Child),
      "upstream-missing",
      /child needs root.*Run root first/,
    ],
    [
      "with an option that does not exist",
      (store) => store.resolve(Child, untyped({ sample: [] })),
      "unknown-option",
      /"sample"/,
    ],
    [
      "with a filter on a stranger",
      (store) => store.resolve(Child, untyped({ filters: { rot: "a = 1" } })),
      "unknown-feature",
      /"rot".*root, child/,
    ],
    ["what is no feature", (store) => store.resolve(untyped({})), "contract-mismatch", /generated module/],
    [
      "a feature of another contract",
      (store) => store.resolve(untyped({ ...Child, contract: 1 })),
      "contract-mismatch",
      /contract 1.*reads contract 2.*stemma generate/,
    ],
    [
      "a feature with a trait that this version does not know",
      (store) => store.resolve(withTraits({ windowed: true })),
      "contract-mismatch",
      /child has the trait windowed: true.*does not know/,
    ],
    [
      "a feature with a trait of an unknown value",
      (store) => store.resolve(withTraits({ workItem: "window" })),
      "contract-mismatch",
      /child has the trait workItem: window.*does not know/,
    ],
    [
      "a feature that lacks a trait",
      (store) => store.resolve(withTraits({ incremental: undefined })),
      "contract-mismatch",
      /child lacks the trait incremental.*stemma generate/,
    ],
    [
      "a feature without SQL for the engine",
      (store) => store.resolve({ ...Child, plan: { ...Child.plan, sql: {} } } as AnyFeature),
      "contract-mismatch",
      /child holds no SQL for duckdb.*Add "duckdb" to the setting "engines" of stemma\.config\.json/,
    ],
    [
      "samples with one id twice",
      (store) => store.resolve(Root, untyped({ samples: [row("a"), row("a")] })),
      "duplicate-id",
      /id = a/,
    ],
  ];
  for (const [name, prepare, code, message] of resolves) {
    it(name, async () => {
      await using store = await openStore(":memory:");
      const error: unknown = await prepare(store).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code, message });
      expect(isStemmaError(error)).toBe(true);
      expect(isInputError(error) !== isStoreError(error)).toBe(true);
    });
  }

  it("with a filter that can't be read, shows where", async () => {
    await using store = await openStore(":memory:");
    await store.write(Root, untyped([row("a")]));
    const error = (await store
      .resolve(Child, untyped({ filters: { root: "size = 'x'" } }))
      .catch((e: unknown) => e)) as Error;
    expect(error).toMatchObject({ code: "filter-type" });
    expect(error.message).toContain("  size = 'x'\n");
    expect(error.message).toMatch(/\^.*BIGINT/);
  });

  it("stops at a signal, and the store goes on", async () => {
    await using store = await openStore(":memory:");
    await store.write(
      Root,
      untyped({
        sql: "SELECT i::VARCHAR AS id, 1 AS size, {'x': 'p'} AS metaxy_provenance_by_field FROM range(300000) r(i)",
      }),
    );
    const stop = new AbortController();
    const resolving = store.resolve(Child, { signal: stop.signal });
    stop.abort();
    await expect(resolving).rejects.toMatchObject({ code: "cancelled" });
    await using increment = await store.resolve(Child);
    expect(increment.counts.new).toBe(300_000);
  });

  it("when several rows of one sample disagree", async () => {
    const [Many, Pair] = [loadFeature([many, pair], "many"), loadFeature([many, pair], "pair")];
    await using store = await openStore(":memory:");
    const rows = [
      ["a", "1"],
      ["b", "2"],
    ].map(([id, version]) => ({ id, k: "k1", metaxy_provenance_by_field: { default: version } }));
    await store.write(Many, untyped(rows));
    await expect(store.resolve(Pair)).rejects.toMatchObject({
      code: "ambiguous-sample",
      message: expect.stringMatching(/k = k1.*aggregation/),
    });
    await store.write(
      Many,
      untyped(rows.map((one) => ({ ...one, metaxy_provenance_by_field: { default: "same" } }))),
    );
    await using increment = await store.resolve(Pair);
    expect(increment.new).toMatchObject({ count: 1, rowCount: 2 });
  });
});

describe("tables of other programs", () => {
  it("with ids of null alone: the table is named, and the count", async () => {
    const path = await freshPath();
    {
      await using store = await openStore(path);
      await store.write(Root, untyped([row("a"), row("b"), row("c")]));
    }
    await outside(path, "UPDATE root SET id = NULL");
    await using store = await openStore(path);
    await expect(store.resolve(Child)).rejects.toMatchObject({
      code: "null-id-stored",
      message: expect.stringMatching(/3 stored rows of root.*root/),
    });
  });

  it("that are no feature tables, under a feature's name", async () => {
    const path = await freshPath();
    await outside(path, "CREATE TABLE root (id VARCHAR)");
    await using store = await openStore(path);
    await expect(store.write(Root, untyped([row("a")]))).rejects.toMatchObject({
      code: "table-shape",
      message: expect.stringMatching(/metaxy_provenance/),
    });
  });

  it("with a column of a type that does not fit", async () => {
    const path = await freshPath();
    {
      await using store = await openStore(path);
      await store.write(Root, untyped([row("a")]));
    }
    await outside(path, "ALTER TABLE root ALTER size TYPE VARCHAR", "UPDATE root SET size = 'big'");
    await using store = await openStore(path);
    await expect(store.resolve(Child)).rejects.toMatchObject({
      code: "column-type",
      message: expect.stringMatching(
        /^size of root is stored as VARCHAR .* declares BIGINT\. 1 stored row has/,
      ),
    });
  });
});

describe("a store that can't take more", () => {
  it("is read-only", async () => {
    const path = await freshPath();
    {
      await using store = await openStore(path);
      await store.write(Root, untyped([row("a")]));
    }
    await using store = await openStore(path, { readOnly: true });
    await expect(store.write(Root, untyped([row("b")]))).rejects.toMatchObject({
      code: "read-only",
      message: expect.stringMatching(/without readOnly/),
    });
    await using increment = await store.resolve(Child);
    expect(increment.counts.new).toBe(1);
    await expect(increment.write(untyped([{ id: "a" }]))).rejects.toMatchObject({ code: "read-only" });
    await expect(openStore(path)).rejects.toMatchObject({
      code: "database-locked",
      message: expect.stringMatching(/already open in this process/),
    });
  });

  it("has no memory left, and nothing to spill to", async () => {
    await using store = await openStore(":memory:", { duckdb: { memory_limit: "20MB", temp_directory: "" } });
    const rows = {
      sql: "SELECT i::VARCHAR || repeat('x', 100) AS id, 1 AS size, {'x': 'p'} AS metaxy_provenance_by_field FROM range(1000000) r(i)",
    };
    const error: unknown = await store.write(Root, untyped(rows)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "out-of-memory",
      message: expect.stringMatching(/memory_limit/),
      cause: expect.any(Error),
    });
    await store.write(Root, untyped([row("a")]));
  });

  it.skipIf(process.getuid?.() === 0)("lies in a folder that can't be written to", async () => {
    const folder = join(await freshPath(), "..", "closed");
    await mkdir(folder);
    await chmod(folder, 0o500);
    await expect(openStore(join(folder, "x.duckdb"))).rejects.toMatchObject({
      code: "database-forbidden",
      message: expect.stringMatching(/yours to write/),
    });
  });
});
