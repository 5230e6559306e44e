import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature, Store } from "../../../../runtime/index.ts";
import { buildSpec, maybeText, text } from "../../../support/build-spec.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { loadFeature } from "../../../support/load-project.ts";
import { resolveSets } from "../../../support/recorded-sets.ts";
import { untyped } from "../../../support/untyped.ts";
import { type RemovalStep, removalStep, takeRemoval } from "../deleting/removal-step.ts";

const reading = { id: text, grp: maybeText, size: { type: "integer" } };
const specs = (code: string) => [
  buildSpec("raw", { columns: reading, ids: ["id"], fields: ["a", { key: "b", codeVersion: code }] }),
  buildSpec("other", { columns: { id: text, note: text }, ids: ["id"] }),
  buildSpec("same", { columns: { id: text, grp: maybeText }, ids: ["id"], deps: ["raw"], fields: ["a"] }),
  buildSpec("joined", {
    columns: { id: text },
    ids: ["id"],
    deps: [
      { feature: "raw", select: [] },
      { feature: "other", optional: true },
    ],
    fields: ["b"],
  }),
  buildSpec("grouped", {
    columns: { grp: text },
    ids: ["grp"],
    deps: [{ feature: "raw", where: ["size < 8"], lineage: { type: "aggregation", on: ["grp"] } }],
    fields: ["a"],
  }),
  buildSpec("cut", {
    columns: { id: text, piece: text },
    ids: ["piece"],
    deps: [{ feature: "raw", select: [], lineage: { type: "expansion", on: ["id"] } }],
    fields: ["b"],
  }),
];
const leaves = ["same", "joined", "grouped", "cut"] as const;
const features = (code: string) =>
  Object.fromEntries(
    ["raw", "other", ...leaves].map((key) => [key, loadFeature(specs(code), key)]),
  ) as Record<string, AnyFeature>;
const byCode = { "1": features("1"), "2": features("2") };

type Step =
  | {
      readonly do: "write";
      readonly to: "raw" | "other";
      readonly rows: readonly [id: number, version: number, group: number][];
    }
  | {
      readonly do: "answer";
      readonly leaf: (typeof leaves)[number];
      readonly share: "all" | "some" | "none";
      readonly pieces: number;
      /** Pieces of all parents are called alike, so that parents ask for each other's. */
      readonly unchangedContent: boolean;
      /** Happens between the resolve and the write. */
      readonly removal: RemovalStep | undefined;
    }
  | {
      readonly do: "take";
      readonly from: number;
      readonly to: number;
      readonly when: "later" | "same" | "late" | "own provenance";
    }
  | RemovalStep
  | {
      readonly do: "delete";
      readonly from: string;
      readonly id: number;
      readonly how: "soft" | "hard" | "late" | "rewrite";
    }
  | { readonly do: "drop"; readonly table: string }
  | { readonly do: "bump"; readonly code: "1" | "2" }
  | { readonly do: "fail" }
  | {
      readonly do: "crash";
      readonly leaf: (typeof leaves)[number];
      readonly when: "resolved" | "writing";
    };

const tables = ["raw", "other", ...leaves];
const removal = removalStep(tables);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("write" as const),
      to: fc.constantFrom("raw" as const, "raw" as const, "other" as const),
      rows: fc.uniqueArray(fc.tuple(fc.nat(11), fc.nat(2), fc.nat(3)), {
        minLength: 1,
        maxLength: 6,
        selector: ([id]) => id,
      }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("answer" as const),
      leaf: fc.constantFrom(...leaves),
      share: fc.constantFrom("all" as const, "all" as const, "some" as const, "none" as const),
      pieces: fc.integer({ min: 0, max: 3 }),
      unchangedContent: fc.constantFrom(false, false, true),
      removal: fc.option(removal, { nil: undefined, freq: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("take" as const),
      from: fc.nat(11),
      to: fc.nat(11),
      when: fc.constantFrom("later" as const, "same" as const, "late" as const, "own provenance" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("delete" as const),
      from: fc.constantFrom(...tables),
      id: fc.nat(11),
      how: fc.constantFrom("soft" as const, "hard" as const, "late" as const, "rewrite" as const),
    }),
  },
  { weight: 3, arbitrary: removal },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("bump" as const),
      code: fc.constantFrom("1" as const, "2" as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("drop" as const), table: fc.constantFrom(...tables) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("fail" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("crash" as const),
      leaf: fc.constantFrom(...leaves),
      when: fc.constantFrom("resolved" as const, "writing" as const),
    }),
  },
);

/** A history on one database; at its end, what is recalled must give the same sets as looking at everything. */
class History {
  readonly #database: Database;
  #features = byCode["1"];
  #time = 0;
  compared = 0;
  refused = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  get #store(): Store {
    return this.#database.store;
  }

  async apply(next: Step): Promise<void> {
    if (next.do === "write") await this.#write(next.to, next.rows);
    if (next.do === "answer") await this.#writeOutputs(next);
    if (next.do === "take") await this.#reinsert(next);
    if (next.do === "delete") await this.#delete(next);
    if (next.do === "remove") await this.#remove(next);
    if (next.do === "drop") await this.#database.foreign(`DROP TABLE IF EXISTS ${next.table}`);
    if (next.do === "bump") this.#features = byCode[next.code];
    if (next.do === "fail") await this.#fail();
    if (next.do === "crash") await this.#crash(next.leaf, next.when);
  }

  async compare(): Promise<void> {
    for (const leaf of leaves) {
      const incremental = await this.#sets(leaf, {});
      expect({ leaf, ...(incremental as object) }).toEqual({
        leaf,
        ...((await this.#sets(leaf, { fullRefresh: true })) as object),
      });
      this.compared += 1;
    }
  }

  async #sets(leaf: string, options: object): Promise<unknown> {
    return resolveSets(this.#store, this.#feature(leaf), options).catch((error: { code: string }) => ({
      error: error.code,
    }));
  }

  async #write(to: "raw" | "other", rows: readonly [number, number, number][]): Promise<void> {
    const feature = this.#feature(to);
    const samples = rows.map(([id, version, group]) => ({
      id: `s${id}`,
      ...(to === "raw" ? { grp: group === 3 ? null : `g${group}`, size: id } : { note: "n" }),
      metaxy_provenance_by_field:
        to === "raw" ? { a: `a${version}`, b: `b${group}` } : { default: `d${version}` },
    }));
    await this.#store.write(feature, untyped(samples));
  }

  async #writeOutputs({
    leaf,
    share,
    pieces,
    unchangedContent,
    removal,
  }: Extract<Step, { do: "answer" }>): Promise<void> {
    const increment = await this.#store.resolve(this.#feature(leaf)).catch(() => undefined);
    if (increment === undefined) return;
    await using open = increment;
    const requested = [...(await open.new.toArray()), ...(await open.stale.toArray())] as unknown as Record<
      string,
      string
    >[];
    const unique = [
      ...new Map(
        requested.map((row) => [
          row["grp"] !== undefined && leaf === "grouped" ? row["grp"] : row["id"],
          row,
        ]),
      ).values(),
    ];
    const chosen = share === "all" ? unique : share === "some" ? unique.filter((_, n) => n % 2 === 0) : [];
    if (removal !== undefined) await this.#remove(removal);
    if (leaf === "cut" && pieces === 0) {
      await this.#store.markEmpty(this.#feature(leaf), untyped(chosen));
      return;
    }
    const rows = chosen.flatMap((row): object[] => {
      if (leaf === "grouped") return [{ grp: row["grp"] }];
      if (leaf === "cut")
        return Array.from({ length: pieces }, (_, n) => ({
          id: row["id"],
          piece: unchangedContent ? `${Number(row["id"]?.slice(1)) % 4}-${n}` : `${row["id"]}-${n}`,
        }));
      return [leaf === "same" ? { id: row["id"], grp: row["grp"] ?? null } : { id: row["id"] }];
    });
    const size = leaf === "cut" ? pieces : 3;
    for (let start = 0; start < rows.length; start += size) {
      // Where rows that it rests on are gone for good, an increment may refuse answers: it never takes them for less.
      const refusals = removal === undefined ? [] : ["not-in-increment", "conflict"];
      await open.write(untyped(rows.slice(start, start + size))).catch((error: { code: string }) => {
        if (error.code === "id-of-other-parent") this.refused += 1;
        else if (!refusals.includes(error.code)) throw error;
      });
    }
  }

  async #remove(step: RemovalStep): Promise<void> {
    await takeRemoval(this.#store, this.#feature(step.from), step);
  }

  /** Another program gives a piece of one parent to another. */
  async #reinsert({ from, to, when }: Extract<Step, { do: "take" }>): Promise<void> {
    this.#time += 1;
    const later = `now() + INTERVAL ${this.#time} MILLISECOND AS metaxy_updated_at`;
    const times = {
      later: `, ${later}`,
      same: "",
      late: ", metaxy_updated_at - INTERVAL 1 SECOND AS metaxy_updated_at",
      "own provenance": `, ${later}, coalesce((SELECT max(metaxy_provenance) FROM cut WHERE id = 's${to}'), metaxy_provenance) AS metaxy_provenance`,
    };
    await this.#database.foreign(
      `INSERT INTO cut SELECT * REPLACE ('s${to}' AS id${times[when]})
       FROM (SELECT * FROM cut WHERE id = 's${from}' ORDER BY metaxy_updated_at DESC, piece DESC LIMIT 1)`,
    );
  }

  /** What another program does to the tables: deletion marks, physical deletions, rows with a late time, its own rows. */
  async #delete({ from, id, how }: Extract<Step, { do: "delete" }>): Promise<void> {
    const column = from === "grouped" ? "grp" : "id";
    const value = from === "grouped" ? `g${id % 4}` : `s${id}`;
    const rows = `${from} WHERE ${column} = '${value}'`;
    this.#time += 1;
    const now = `now() + INTERVAL ${this.#time} MILLISECOND`;
    const latest = `SELECT * FROM ${rows} ORDER BY metaxy_updated_at DESC LIMIT 1`;
    const append = (replaced: string) =>
      `INSERT INTO ${from} SELECT * REPLACE (${replaced}) FROM (${latest})`;
    const statements = {
      hard: `DELETE FROM ${rows}`,
      soft: append(`${now} AS metaxy_updated_at, ${now} AS metaxy_deleted_at`),
      late: append("metaxy_updated_at - INTERVAL 1 SECOND AS metaxy_updated_at"),
      rewrite: append(`${now} AS metaxy_updated_at, NULL AS metaxy_deleted_at,
        metaxy_provenance_by_field AS metaxy_data_version_by_field, 'p${this.#time}' AS metaxy_provenance`),
    };
    await this.#database.foreign(statements[how]);
    // What was deleted leaves the file, and rows behind it are numbered anew.
    if (how === "hard") await this.#database.foreign("CHECKPOINT");
  }

  async #fail(): Promise<void> {
    const stop = new AbortController();
    const resolving = this.#store.resolve(this.#feature("same"), { signal: stop.signal });
    stop.abort();
    await resolving.then((increment) => increment.close()).catch(() => undefined);
  }

  /** A process that ends between resolving and writing, or while it writes. */
  async #crash(leaf: (typeof leaves)[number], when: "resolved" | "writing"): Promise<void> {
    const increment = await this.#store.resolve(this.#feature(leaf)).catch(() => undefined);
    if (increment !== undefined && when === "writing") {
      const refused = increment.write(untyped({ sql: "SELECT 'nobody asked' AS id" }));
      await expect(refused).rejects.toThrow();
    }
    await this.#database.reopen();
  }

  #feature(key: string): AnyFeature {
    const feature = this.#features[key];
    if (feature === undefined) throw new Error(`No feature ${key}`);
    return feature;
  }
}

/** A database, emptied for each history: to make one takes longer than a history. */
class Database {
  readonly #path: string;
  readonly #instance: DuckDBInstance;
  store: Store;

  private constructor(path: string, instance: DuckDBInstance, store: Store) {
    this.#path = path;
    this.#instance = instance;
    this.store = store;
  }

  static async create(): Promise<Database> {
    const path = await freshPath();
    const store = await openStore(path, { duckdb: settings });
    const options = { autoinstall_known_extensions: "false", ...settings };
    return new Database(path, await DuckDBInstance.fromCache(path, options), store);
  }

  /** Runs what another program runs. Tables that are not there are none of its business. */
  async foreign(sql: string): Promise<void> {
    const connection = await this.#instance.connect();
    await connection.run(sql).catch((error: Error) => {
      if (!/does not exist/.test(error.message)) throw error;
    });
    connection.closeSync();
  }

  async reopen(): Promise<void> {
    await this.store.close();
    this.store = await openStore(this.#path, { duckdb: settings });
  }

  async empty(): Promise<void> {
    const connection = await this.#instance.connect();
    const tables = await connection.runAndReadAll(
      "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()",
    );
    for (const [table] of tables.getRows()) await connection.run(`DROP TABLE main."${table}"`);
    connection.closeSync();
  }

  async close(): Promise<void> {
    await this.store.close();
    this.#instance.closeSync();
  }
}

/** Rows are few: threads would wait for each other more than they work. */
const settings = { threads: "1" };

const seed = Number(process.env["STEMMA_SEED"] ?? Date.now() % 2 ** 31);
const runs = Number(process.env["STEMMA_RUNS"] ?? 500);
/** Histories that run at a time, each on a database of its own. */
const lanes = 4;

async function runHistories(lane: number): Promise<{ readonly compared: number; readonly refused: number }> {
  let compared = 0;
  let refused = 0;
  const database = await Database.create();
  const property = fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 10 }), async (steps) => {
    await database.empty();
    const history = new History(database);
    await history.apply({
      do: "write",
      to: "raw",
      rows: untyped(Array.from({ length: 12 }, (_, id) => [id, 0, id % 4] as const)),
    });
    for (const next of steps) await history.apply(next);
    await history.compare();
    compared += history.compared;
    refused += history.refused;
  });
  const numRuns = Math.ceil(runs / lanes);
  await fc.assert(property, { seed: seed + lane, numRuns, endOnFailure: true });
  await database.close();
  return { compared, refused };
}

describe("what is recalled", () => {
  it(`gives the same sets as looking at everything, after any history (STEMMA_SEED=${seed})`, async () => {
    const histories = await Promise.all(Array.from({ length: lanes }, (_, lane) => runHistories(lane)));
    const total = histories.reduce((sum, { compared }) => sum + compared, 0);
    const refused = histories.reduce((sum, history) => sum + history.refused, 0);
    console.info(`${total} resolves compared, ${refused} ids refused, STEMMA_SEED=${seed}`);
    expect(total).toBeGreaterThanOrEqual(runs * leaves.length);
  }, 900_000);
});
