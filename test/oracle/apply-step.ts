import { DuckDBInstance } from "@duckdb/node-api";
import { quoteIdentifier } from "../../runtime/dialect/sql-text.ts";
import { openStore } from "../../runtime/duckdb/index.ts";
import { type AnyFeature, type Counts, isStemmaError, type Store } from "../../runtime/index.ts";
import { loadProject } from "../support/load-project.ts";
import { untyped } from "../support/untyped.ts";
import type { Project } from "./arbitrary-project.ts";
import { valueFor } from "./arbitrary-values.ts";
import { defineFeatures, type FeatureDefinition } from "./definitions.ts";
import { groupBy, keyOf, type Row } from "./row.ts";
import { digest, outputsFor } from "./worker-outputs.ts";

/** What a feature had to run when its turn came, or the code of the refusal. */
export type StepResult = { readonly counts: Counts } | { readonly refused: string; readonly message: string };

/**
 * Runs every feature of a project, upstream first, on a store that is then another one.
 *
 * Workers find nothing out: a unit of work that ever had rows keeps the latest ones. Samples of a root come back with
 * the version that was written last. With `makesOtherRows` they answer anew: other children, other values.
 */
export async function applyStep(
  project: Project,
  path: string,
  { makesOtherRows = false }: { readonly makesOtherRows?: boolean } = {},
): Promise<Map<string, StepResult>> {
  const definitions = defineFeatures(project.specs, project.hashLength);
  const features = loadProject(project.specs, project);
  const outcome = new Map<string, StepResult>();
  await using store = await openStore(path, { hash: "md5" });
  const archive = await Archive.open(path);
  for (const definition of definitions.values()) {
    const value = features[definition.key];
    if (value === undefined) throw new Error(`no feature ${definition.key}`);
    const step = new FeatureStep(store, archive, definition, value, makesOtherRows);
    const migrated = async (error: unknown): Promise<StepResult> => {
      if (!isStemmaError(error, "column-type")) throw error;
      await store.migrate(value, { drop: true });
      return step.applyStep();
    };
    outcome.set(definition.key, await step.applyStep().catch(migrated).catch(refusal));
  }
  archive.close();
  return outcome;
}

function refusal(error: unknown): StepResult {
  if (!isStemmaError(error)) throw error;
  return { refused: error.code, message: error.message };
}

/** The run of one feature. */
class FeatureStep {
  readonly #store: Store;
  readonly #archive: Archive;
  readonly #definition: FeatureDefinition;
  readonly #feature: AnyFeature;
  readonly #makesOtherRows: boolean;

  constructor(
    store: Store,
    archive: Archive,
    definition: FeatureDefinition,
    feature: AnyFeature,
    makesOtherRows: boolean,
  ) {
    this.#makesOtherRows = makesOtherRows;
    this.#store = store;
    this.#archive = archive;
    this.#definition = definition;
    this.#feature = feature;
  }

  async applyStep(): Promise<StepResult> {
    const isRoot = this.#definition.deps.length === 0;
    const result = await (isRoot ? this.#root() : this.#derived());
    await this.#rewriteIncomplete();
    return result;
  }

  async #root(): Promise<StepResult> {
    const none = { new: 0, stale: 0, orphaned: 0 };
    const [latest] = await this.#archive.versions(this.#feature);
    if (latest === undefined) return { counts: none };
    if (latest === this.#feature.featureVersion && (await this.#rows(latest)).length > 0)
      return { counts: none };
    const { idColumns } = this.#definition;
    const others = await this.#archive.ofVersion({ ...this.#feature, featureVersion: latest });
    if ((await this.#rows(latest)).length === 0 && others.some((row) => row["metaxy_deleted_at"] === null))
      return this.#rootUnderOtherIds(others);
    const present = new Set(
      (await this.#archive.ofVersion(this.#feature)).map((row) => keyOf(row, idColumns)),
    );
    const samples = (await this.#rows(latest)).filter((row) => !present.has(keyOf(row, idColumns)));
    await this.#store.write(this.#feature, untyped(samples.map((row) => this.#withAllFields(row))));
    return { counts: { ...none, new: samples.length } };
  }

  /** The caller of a root knows its samples, whatever ids they were written under. */
  async #rootUnderOtherIds(rows: readonly Row[]): Promise<StepResult> {
    const { idColumns, spec, fields } = this.#definition;
    const provenance = Object.fromEntries(fields.map(({ member }) => [member, "of other ids"]));
    const samples = rows.map((row) => ({
      ...Object.fromEntries(
        Object.entries(spec.properties).map(([column, schema]) => {
          const choice = digest(keyOf(row, Object.keys(spec.properties)), column);
          return [column, valueFor(column, schema, choice)];
        }),
      ),
      metaxy_provenance_by_field: provenance,
    }));
    const distinct = [...new Map(samples.map((row) => [keyOf(row, idColumns), row])).values()];
    await this.#store.write(this.#feature, untyped(distinct));
    return { counts: { new: distinct.length, stale: 0, orphaned: 0 } };
  }

  /** Writes rows again that lack what is required now. */
  async #rewriteIncomplete(): Promise<void> {
    const { properties } = this.#definition.spec;
    const required = Object.keys(properties).filter((name) => !Array.isArray(properties[name]?.type));
    const rows = await this.#stored(this.#feature.featureVersion);
    const incomplete = rows.filter((row) => required.some((name) => row[name] === null));
    const complete = incomplete.filter((row) => row["metaxy_provenance_by_field"] !== null);
    if (complete.length === 0) return;
    await this.#store.write(this.#feature, untyped(complete.map((row) => this.#outputFor(row, row))));
  }

  async #derived(): Promise<StepResult> {
    await using increment = await this.#store.resolve(this.#feature);
    const { grain } = this.#feature.plan;
    const work = [...(await increment.new.toArray()), ...(await increment.stale.toArray())];
    const workItems = groupBy(work as object[] as Row[], (row) => keyOf(row, grain));
    const previous = await this.#previousRows(new Set(workItems.keys()));
    const empty = new Set((await this.#archive.empty(this.#feature)).map(({ workItem }) => workItem));
    const outputs: Row[] = [];
    const childless: Row[] = [];
    for (const [workItem, rows] of workItems) {
      const [row = {}] = rows;
      const earlier = this.#makesOtherRows ? undefined : previous.get(workItem);
      if (earlier !== undefined) outputs.push(...earlier.map((output) => this.#outputFor(output, row)));
      else if (empty.has(workItem)) childless.push(row);
      else
        outputs.push(
          ...outputsFor(this.#definition, rows, grain, {
            seed: this.#makesOtherRows ? 7 : 0,
            ownDataVersions: false,
          }),
        );
    }
    if (outputs.length > 0) await this.#store.write(this.#feature, untyped(outputs));
    if (childless.length > 0) await this.#store.markEmpty(this.#feature, untyped(childless));
    return { counts: increment.counts };
  }

  /** Latest rows by unit, those under the current version before all others. */
  async #previousRows(requested: ReadonlySet<string>): Promise<Map<string, Row[]>> {
    const { featureVersion, plan } = this.#feature;
    const previous = new Map<string, Row[]>();
    const settledEmpty = new Set(
      (await this.#archive.empty(this.#feature)).flatMap(({ workItem, version }) =>
        version === featureVersion ? workItem : [],
      ),
    );
    for (const version of new Set([featureVersion, ...(await this.#archive.versions(this.#feature))])) {
      const found = groupBy(await this.#rows(version), (row) => keyOf(row, plan.grain));
      for (const [workItem, rows] of found) {
        if (
          requested.has(workItem) &&
          !previous.has(workItem) &&
          (version === featureVersion || !settledEmpty.has(workItem))
        )
          previous.set(workItem, rows);
      }
    }
    return previous;
  }

  #outputFor(earlier: Row, requested: Row): Row {
    const { properties } = this.#definition.spec;
    const columns = Object.entries(properties).map(([column, schema]) => {
      const isMissing = (earlier[column] ?? null) === null && !Array.isArray(schema.type);
      return [
        column,
        isMissing
          ? valueFor(column, schema, digest(keyOf(earlier, this.#definition.idColumns), column))
          : earlier[column],
      ];
    });
    return {
      ...Object.fromEntries(columns),
      metaxy_provenance_by_field: requested["metaxy_provenance_by_field"],
    };
  }

  async #rows(featureVersion: string): Promise<Row[]> {
    const rows = await this.#stored(featureVersion);
    return rows.filter((row) => this.#definition.idColumns.every((id) => (row[id] ?? null) !== null));
  }

  /** Rows with null where they lack what is required now. */
  async #stored(featureVersion: string): Promise<Row[]> {
    const options = { featureVersion, lenient: true } as const;
    const rows = await this.#store.read(this.#feature, options).toArray();
    return rows as object[] as Row[];
  }

  /** A field that is new has a version of which nobody below knows anything yet. */
  #withAllFields(row: Row): Row {
    const provenance = row["metaxy_provenance_by_field"] as Readonly<Record<string, string | null>>;
    return this.#outputFor(row, {
      metaxy_provenance_by_field: Object.fromEntries(
        this.#definition.fields.map(({ member }) => [member, provenance[member] ?? "of the new field"]),
      ),
    });
  }
}

/** Looks into the tables of a store past it. */
class Archive {
  readonly #instance: DuckDBInstance;

  private constructor(instance: DuckDBInstance) {
    this.#instance = instance;
  }

  static async open(path: string): Promise<Archive> {
    return new Archive(await DuckDBInstance.fromCache(path, { autoinstall_known_extensions: "false" }));
  }

  /** Versions under which a feature has rows, the one that was written last first. */
  async versions({ table }: AnyFeature): Promise<string[]> {
    const moment = "epoch_us(coalesce(metaxy_deleted_at, metaxy_updated_at)) AS moment";
    const latest = new Map<string, bigint>();
    for (const row of await this.#all(table, `metaxy_feature_version, ${moment}`)) {
      const version = String(row["metaxy_feature_version"]);
      const time = row["moment"] as bigint;
      if (time >= (latest.get(version) ?? 0n)) latest.set(version, time);
    }
    return [...latest].sort(([, a], [, b]) => Number(b - a)).map(([version]) => version);
  }

  /** Rows of any kind that stand under the current version. */
  async ofVersion({ table, featureVersion }: AnyFeature): Promise<Row[]> {
    return (await this.#all(table)).filter((row) => row["metaxy_feature_version"] === featureVersion);
  }

  /** Parents that turned out to have no children, and the version under which. */
  async empty({ table, plan }: AnyFeature): Promise<{ workItem: string; version: string }[]> {
    const emptyParents = await this.#all(`stemma_empty_parent__${table}`);
    const latest = new Map(
      emptyParents.map((row) => [keyOf(row, [...plan.grain, "metaxy_feature_version"]), row] as const),
    );
    return [...latest.values()]
      .filter((row) => row["is_retracted"] !== true)
      .map((row) => ({ workItem: keyOf(row, plan.grain), version: String(row["metaxy_feature_version"]) }));
  }

  close(): void {
    this.#instance.closeSync();
  }

  async #all(table: string, columns = "*"): Promise<Row[]> {
    const connection = await this.#instance.connect();
    try {
      const found = await connection.runAndReadAll(
        `SELECT ${columns} FROM ${quoteIdentifier(table)} ORDER BY rowid`,
      );
      return found.getRowObjects();
    } catch (error) {
      if (/does not exist/.test(String(error))) return [];
      throw error;
    } finally {
      connection.closeSync();
    }
  }
}
