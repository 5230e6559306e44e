import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { RowSet, Store } from "../../../../runtime/index.ts";
import { buildSpec, maybeText, text } from "../../../support/build-spec.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { loadProject } from "../../../support/load-project.ts";
import { queryFile } from "../../../support/query-file.ts";
import { refusalOf } from "../../../support/refusal-of.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { untyped } from "../../../support/untyped.ts";

const {
  video: Video,
  label: Label,
  score: Score,
} = loadProject(
  [
    buildSpec("score", {
      columns: { id: text, x: { type: "number" }, xs: { type: "array", items: { type: "number" } } },
      ids: ["id"],
    }),
    buildSpec("video", {
      columns: { id: text, path: maybeText, at: { type: ["string", "null"], format: "date-time" } },
      ids: ["id"],
    }),
    buildSpec("label", { columns: { id: text, label: text }, ids: ["id"], deps: ["video"] }),
  ],
  { hashLength: 64 },
);
const video = (id: string, version = "1") => ({
  id,
  path: `${id}.mp4`,
  at: "2026-01-31T12:00:00.123456Z",
  metaxy_provenance_by_field: { default: version },
});

function rowsOf(store: Store): RowSet<Record<string, unknown>> {
  return store.read(untyped(Video)) as unknown as RowSet<Record<string, unknown>>;
}

async function storeWith(...ids: string[]): Promise<Store> {
  const store = await openStore(":memory:");
  await store.write(untyped(Video), untyped(ids.map((id) => video(id))));
  return store;
}

describe("an export", () => {
  it("writes what rows in JavaScript have, as text", async () => {
    await using store = await storeWith("b", "a");
    const folder = temporaryFolder();
    const read = rowsOf(store).select("id", "at", "metaxy_data_version_by_field");
    const written = async (name: string) => {
      await read.export(join(folder, name));
      return readFileSync(join(folder, name), "utf8");
    };
    const at = "2026-01-31T12:00:00.123456Z";
    expect(await written("a.csv")).toBe(
      `id,at,metaxy_data_version_by_field\na,${at},"{""default"":""1""}"\nb,${at},"{""default"":""1""}"\n`,
    );
    const line = (id: string) => `{"id":"${id}","at":"${at}","metaxy_data_version_by_field":{"default":"1"}}`;
    expect(await written("a.ndjson")).toBe(`${line("a")}\n${line("b")}\n`);
    expect(JSON.parse(await written("a.json"))).toEqual(await read.toArray());
  });

  it("writes JSON that every program reads, also of NaN and the infinities", async () => {
    await using store = await openStore(":memory:");
    const score = { id: "a", x: Number.NaN, xs: [0.1, -Infinity, Infinity, Number.NaN] };
    await store.write(untyped(Score), untyped([{ ...score, metaxy_provenance_by_field: { default: "1" } }]));
    const file = join(temporaryFolder(), "a.json");
    const stored = () => store.read(untyped(Score)).toArray();
    await store.read(untyped(Score)).export(file);
    const words = ["-Infinity", "Infinity", "NaN"];
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject([{ x: "NaN", xs: [0.1, ...words] }]);
    await store.write(untyped(Score), untyped({ json: file }));
    expect(await stored()).toMatchObject([score]);
  });

  it("writes types and structs into Parquet, also where there are no rows", async () => {
    await using store = await storeWith();
    const folder = temporaryFolder();
    await using increment = await store.resolve(untyped(Video), untyped({ samples: [] }));
    const none = increment.stale as unknown as RowSet<unknown>;
    for (const [name, rows] of Object.entries({ read: rowsOf(store), none })) {
      const file = join(folder, `${name}.parquet`);
      expect(await rows.export(file)).toEqual({ rows: 0, file });
      const columns = await queryFile(":memory:", `DESCRIBE FROM '${file}'`);
      expect(columns.slice(0, 4).map((column) => column["column_type"])).toEqual([
        "VARCHAR",
        "VARCHAR",
        "TIMESTAMP WITH TIME ZONE",
        'STRUCT("default" VARCHAR)',
      ]);
    }
    await none.export(join(folder, "none.csv"));
    await none.export(join(folder, "none.json"));
    expect(readFileSync(join(folder, "none.csv"), "utf8")).toMatch(/^id,path,at,metaxy_provenance_by_field,/);
    expect(JSON.parse(readFileSync(join(folder, "none.json"), "utf8"))).toEqual([]);
  });

  it("replaces no file unless it is asked to, and a link stays one", async () => {
    await using store = await storeWith("a");
    const folder = temporaryFolder({ "a.csv": "mine" });
    const file = join(folder, "a.csv");
    symlinkSync(file, join(folder, "link.csv"));
    for (const name of ["a.csv", "link.csv"]) {
      const error = await refusalOf(rowsOf(store).export(join(folder, name)));
      expect([error.code, error.message]).toEqual([
        "file-exists",
        expect.stringContaining("pass { overwrite: true }"),
      ]);
      expect(readFileSync(file, "utf8")).toBe("mine");
    }
    expect(await rowsOf(store).export(join(folder, "link.csv"), { overwrite: true })).toEqual({
      rows: 1,
      file,
    });
    expect(readFileSync(file, "utf8")).toContain("a.mp4");
    expect(readdirSync(folder).sort()).toEqual(["a.csv", "link.csv"]);
  });

  it.each([
    ["no/a.csv", {}, "file-not-found", "there is no folder"],
    ["folder.csv", { overwrite: true }, "file-exists", "is a folder"],
    ["a.txt", {}, "file-format", ".parquet, .csv, .json, .ndjson or .jsonl"],
    ["a", {}, "file-format", "The ending of"],
    ["a.parquet.gz", {}, "file-format", "The ending of"],
    ["", {}, "wrong-type", "the path of a file"],
    ["a.csv", { overwriet: true }, "unknown-option", "overwriet"],
    ["a.csv", { signal: AbortSignal.abort() }, "cancelled", "cancelled"],
  ])("to %j with %j is refused", async (name, options, code, message) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "folder.csv"));
    await using store = await storeWith("a");
    const work = rowsOf(store).export(name === "" ? "" : join(folder, name), untyped(options));
    const error = await refusalOf(work);
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(message)]);
    expect(readdirSync(folder)).toEqual(["folder.csv"]);
  });

  it("that fails leaves no file, and the store goes on", async () => {
    const folder = temporaryFolder();
    await using store = await openStore(":memory:", { duckdb: { enable_external_access: "false" } });
    await store.write(untyped(Video), untyped([video("a")]));
    const error = await refusalOf(rowsOf(store).export(join(folder, "a.csv")));
    expect([error.code, error.message]).toEqual([
      "file-forbidden",
      expect.stringContaining("without access to files"),
    ]);
    expect(readdirSync(folder)).toEqual([]);
    expect(await rowsOf(store).toArray()).toHaveLength(1);
  });

  it("reads a store that is open read-only", async () => {
    const path = await freshPath();
    {
      await using store = await openStore(path);
      await store.write(untyped(Video), untyped([video("a")]));
    }
    await using store = await openStore(path, { readOnly: true });
    const file = join(temporaryFolder(), "a.parquet");
    expect(await rowsOf(store).export(file)).toEqual({ rows: 1, file });
  });
});

describe("a set comes back from a file", () => {
  const answer = async (file: string, exported: string, columns: string) => {
    const answers = join(file, "..", "answers.parquet");
    await queryFile(
      ":memory:",
      `COPY (SELECT *, ${columns} FROM '${exported}') TO '${answers}' (FORMAT parquet)`,
    );
    return answers;
  };

  it("with columns added, and those of the upstream left out", async () => {
    await using store = await storeWith("a", "b");
    const file = join(temporaryFolder(), "new.parquet");
    await using increment = await store.resolve(untyped(Label));
    expect(await (increment.new as unknown as RowSet<unknown>).export(file)).toEqual({ rows: 2, file });
    const parquet = await answer(file, file, "upper(id) AS label");
    expect(await increment.write(untyped({ parquet }))).toEqual({ rows: 2, superseded: 0 });
    expect(await store.read(untyped(Label)).toArray()).toMatchObject([
      { id: "a", label: "A" },
      { id: "b", label: "B" },
    ]);
    await using again = await store.resolve(untyped(Label));
    expect(again.counts).toEqual({ new: 0, stale: 0, orphaned: 0 });
  });

  it("refuses other columns, and rows that were made from other inputs", async () => {
    await using store = await storeWith("a", "b");
    const file = join(temporaryFolder(), "new.parquet");
    await using increment = await store.resolve(untyped(Label));
    await (increment.new as unknown as RowSet<unknown>).export(file);
    const typo = await answer(file, file, "upper(id) AS label, 1 AS confidence");
    const undeclared = await refusalOf(increment.write(untyped({ parquet: typo })));
    expect([undeclared.code, undeclared.facts["column"]]).toEqual(["undeclared-column", "confidence"]);

    const parquet = await answer(file, file, "upper(id) AS label");
    await store.write(untyped(Video), untyped([video("b", "2")]));
    await using later = await store.resolve(untyped(Label));
    const outdated = await refusalOf(later.write(untyped({ parquet })));
    expect([outdated.code, outdated.message]).toEqual([
      "not-in-increment",
      expect.stringContaining("1 of the rows for label were made from inputs that have changed"),
    ]);
    expect(outdated.facts).toMatchObject({ grain: { id: "b" } });
    expect(await store.read(untyped(Label)).toArray()).toEqual([]);

    const without = join(file, "..", "without.parquet");
    const kept = `SELECT * EXCLUDE (metaxy_provenance) FROM '${parquet}'`;
    await queryFile(":memory:", `COPY (${kept}) TO '${without}' (FORMAT parquet)`);
    expect(await later.write(untyped({ parquet: without }))).toMatchObject({ rows: 2 });
    // The data versions of the export do not stay as the writer's own.
    for (const row of (await store.read(untyped(Label)).toArray()) as unknown as Record<string, unknown>[])
      expect(row["metaxy_data_version"]).toBe(row["metaxy_provenance"]);
  });

  it.each(["csv", "ndjson"])("also as %s", async (ending) => {
    await using store = await storeWith("a");
    const file = join(temporaryFolder(), `new.${ending}`);
    await using increment = await store.resolve(untyped(Label));
    await (increment.new as unknown as RowSet<unknown>).export(file);
    const content = readFileSync(file, "utf8");
    const added =
      ending === "csv"
        ? content.replace("\n", ",label\n").replace(/\n$/, ",A\n")
        : content.replace("{", '{"label":"A",');
    writeFileSync(file, added);
    const input = ending === "csv" ? { csv: file } : { json: file };
    expect(await increment.write(untyped(input))).toMatchObject({ rows: 1 });
    expect(statSync(file).isFile()).toBe(true);
  });
});
