import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, it } from "vitest";
import { openStore } from "../../../runtime/duckdb/index.ts";
import type { AnyFeature, ResolveOptions, RowSet, RowsInput } from "../../../runtime/index.ts";
import { freshCopy } from "../../support/fresh-path.ts";
import { loadProject } from "../../support/load-project.ts";
import { comparable, resolveSets } from "../../support/recorded-sets.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { untyped } from "../../support/untyped.ts";
import {
  type RecordedResolve,
  type RecordedSets,
  readVectors,
  vectorsFolder,
} from "../../support/vectors.ts";

interface StoreVectors {
  readonly hash: "md5";
  readonly hashLength: number;
  readonly specs: readonly object[];
  readonly featureVersions: Readonly<Record<string, string>>;
  readonly resolve: readonly (RecordedResolve & RecordedSets & { readonly counts: object })[];
}

for (const [file, recorded] of Object.entries(readVectors<StoreVectors>("stores"))) {
  describe(`a store of the Python system: ${file}`, () => {
    const features = loadProject(recorded.specs, recorded);
    const open = async (options: object = {}) =>
      openStore(await freshCopy(`${vectorsFolder}stores/${file}.duckdb`), options);

    it("has the recorded feature versions", () => {
      const versions = Object.fromEntries(Object.values(features).map((f) => [f.key, f.featureVersion]));
      expect(versions).toEqual(recorded.featureVersions);
    });

    for (const { feature: key, counts, new: _new, stale, orphaned, ...options } of recorded.resolve) {
      it(`resolves ${key} as recorded, read-only too`, async () => {
        const expected = { new: _new, stale, orphaned };
        for (const readOnly of [false, true]) {
          await using store = await open({ hash: recorded.hash, readOnly });
          const feature = required(features, key);
          const sets = await resolveSets(store, feature, options);
          expect(comparable(sets, expected)).toEqual(comparable(expected, expected));
          await using increment = await store.resolve(feature, options as ResolveOptions<AnyFeature>);
          const {
            new: { rowCount: fresh },
            stale: { rowCount: changed },
            orphaned: { rowCount: gone },
          } = increment;
          expect({ new: fresh, stale: changed, orphaned: gone }).toEqual(counts);
        }
      });
    }

    it("records what failed beside its tables, and says why rows are new and how far a feature is", async () => {
      await using store = await open({ hash: recorded.hash });
      const derived = Object.values(features).filter(({ plan }) => plan.kind === "derived");
      for (const feature of derived) {
        await using increment = await store.resolve(feature);
        const { new: fresh, stale, orphaned } = increment.counts;
        const rows = (await increment.new.toArray()) as unknown as Record<string, unknown>[];
        expect(rows.every((row) => typeof row["metaxy_cause"] === "string")).toBe(true);
        const progress = await store.progress(feature);
        expect(progress).toMatchObject({ new: fresh, stale, orphaned, failed: 0, lastRun: null });
        expect(progress.expected - progress.upToDate).toBe(fresh + stale);
        const entries = rows.map((row) => ({
          id: Object.fromEntries(feature.plan.grain.map((column) => [column, row[column]])),
          provenance: row["metaxy_provenance"],
          message: "m",
        }));
        expect(await store.errors(feature).record(untyped(entries))).toBe(fresh);
        await using others = await store.resolve(feature, { excludeFailed: true });
        expect([others.counts, others.failed]).toEqual([{ new: 0, stale, orphaned }, fresh]);
        const outputs = rows.map(({ call_id, speaker }) => {
          const all: Record<string, unknown> = { call_id, speaker, nr: 1 };
          return Object.fromEntries(Object.entries(all).filter(([name]) => name in feature.spec.columns));
        });
        const byId = new Map(outputs.map((row) => [JSON.stringify(row), row]));
        await increment.write(untyped([...byId.values()]));
        expect(await store.errors(feature).count()).toBe(0);
      }
    });

    it("exports what it reads, and takes it back", async () => {
      await using store = await open({ hash: recorded.hash });
      const folder = temporaryFolder();
      for (const feature of Object.values(features)) {
        const rows = store.read(feature) as unknown as RowSet<Record<string, unknown>>;
        const before = await rows.toArray();
        for (const [format, ending] of Object.entries({ parquet: "parquet", csv: "csv", json: "ndjson" })) {
          const file = join(folder, `${feature.table}.${ending}`);
          expect(await rows.export(file)).toEqual({ rows: before.length, file });
          expect(await store.write(feature, untyped({ [format]: file }))).toMatchObject({
            rows: before.length,
          });
          // A write has times and a run of its own.
          const isOwn = (name: string) => /_at$|_project_version$|_materialization_id$/.test(name);
          const values = (all: typeof before) =>
            all.map((row) =>
              Object.entries(row).filter(([name]) => !name.startsWith("metaxy") || !isOwn(name)),
            );
          expect(values(await rows.toArray())).toEqual(values(before));
        }
      }
    });

    it("is refused without the hash option, which its tables do not tell", async () => {
      await expect(open()).rejects.toMatchObject({
        code: "hash-unknown",
        message: expect.stringMatching(/hash: "md5"/),
      });
    });

    it("gives its samples up: soft, hard, and with their tables", async () => {
      await using store = await open({ hash: recorded.hash });
      for (const feature of Object.values(features)) {
        const stored = await store.read(feature).toArray();
        const soft = await store.delete(feature, untyped(stored));
        expect(soft).toMatchObject({ samples: stored.length, rows: stored.length });
        expect(await store.read(feature).toArray()).toEqual([]);
        const hard = await store.delete(feature, "TRUE", { hard: true, history: true });
        expect(hard.rows).toBeGreaterThanOrEqual(2 * stored.length);
        expect(await store.drop(feature)).toMatchObject({ rows: 0, tables: [feature.table] });
      }
    });

    it("can be continued: what is resolved is written in the form of its table, and then nothing is left", async () => {
      const path = await freshCopy(`${vectorsFolder}stores/${file}.duckdb`);
      const root = recorded.resolve.find((call) => call.samples !== undefined);
      const feature = required(features, root?.feature ?? "");
      const options = { samples: root?.samples as RowsInput<never> };
      {
        await using store = await openStore(path, { hash: recorded.hash });
        await using increment = await store.resolve(feature, options);
        await increment.write(untyped(increment.new));
        await increment.write(untyped(increment.stale));
        await using rest = await store.resolve(feature, options);
        expect(rest.counts).toMatchObject({ new: 0, stale: 0 });
      }
      await using again = await openStore(path);
      await using rest = await again.resolve(feature, options);
      expect(rest.counts).toMatchObject({ new: 0, stale: 0 });
      expect(await byFieldType(path, feature)).toMatch(file.startsWith("map") ? /^MAP/ : /^STRUCT/);
    });
  });
}

async function byFieldType(path: string, feature: AnyFeature): Promise<string> {
  const instance = await DuckDBInstance.fromCache(path, { autoinstall_known_extensions: "false" });
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(
    "SELECT data_type FROM duckdb_columns() WHERE table_name = $1 AND column_name = 'metaxy_provenance_by_field'",
    [feature.table],
  );
  connection.closeSync();
  return String(reader.getRows()[0]?.[0]);
}

function required(features: Readonly<Record<string, AnyFeature>>, key: string): AnyFeature {
  const feature = features[key];
  if (feature === undefined) throw new Error(`No feature ${key}`);
  return feature;
}
