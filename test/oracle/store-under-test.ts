import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { quoteIdentifier } from "../../runtime/dialect/sql-text.ts";
import { openStore } from "../../runtime/duckdb/index.ts";
import type { AnyFeature, Store } from "../../runtime/index.ts";
import { freshPath } from "../support/fresh-path.ts";
import type { RowChange } from "./model-store.ts";
import type { Row } from "./row.ts";

/** A store in a file, so that a test can also change its tables behind its back. */
export class StoreUnderTest implements AsyncDisposable {
  readonly path: string;
  #store: Store;

  private constructor(path: string, store: Store) {
    this.path = path;
    this.#store = store;
  }

  static async create(): Promise<StoreUnderTest> {
    const path = await freshPath();
    return new StoreUnderTest(path, await openStore(path, { hash: "md5" }));
  }

  get store(): Store {
    return this.#store;
  }

  /** Adds changed copies of the latest rows of some samples, a moment later. */
  async repeatRows(feature: AnyFeature, samples: readonly Row[], change: RowChange): Promise<void> {
    const ids = feature.spec.idColumns.map(quoteIdentifier);
    const table = quoteIdentifier(feature.table);
    const values = samples.map((row) => feature.spec.idColumns.map((column) => row[column]));
    await this.#edit(async (connection) => {
      const reader = await connection.runAndReadAll(
        `SELECT data_type FROM duckdb_columns()
         WHERE table_name = $1 AND column_name = 'metaxy_provenance_by_field'`,
        [feature.table],
      );
      const byFieldType = String(reader.getRows()[0]?.[0]);
      await connection.run(
        `INSERT INTO ${table} BY NAME
         SELECT * REPLACE (${replacements(feature, change, byFieldType)}) FROM ${table}
         WHERE metaxy_feature_version = '${feature.featureVersion}'
           AND list_contains(CAST($1 AS JSON[]), to_json([${ids.map((id) => `to_json(${id})`).join(", ")}]))
         QUALIFY row_number() OVER (
           PARTITION BY ${ids.join(", ")} ORDER BY coalesce(metaxy_deleted_at, metaxy_updated_at) DESC) = 1`,
        [JSON.stringify(values)],
      );
    });
  }

  /** Turns the by-field columns into maps, as older tables of the Python system have them. */
  async storeAsMaps(feature: AnyFeature): Promise<void> {
    await this.#edit(async (connection) => {
      for (const column of ["metaxy_provenance_by_field", "metaxy_data_version_by_field"]) {
        await connection.run(
          `ALTER TABLE ${quoteIdentifier(feature.table)} ALTER COLUMN ${column} TYPE MAP(VARCHAR, VARCHAR)
           USING CAST(to_json(${column}) AS MAP(VARCHAR, VARCHAR))`,
        );
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#store.close();
  }

  async #edit(edit: (connection: DuckDBConnection) => Promise<void>): Promise<void> {
    await this.#store.close();
    const instance = await DuckDBInstance.create(this.path);
    const connection = await instance.connect();
    await edit(connection);
    connection.closeSync();
    instance.closeSync();
    this.#store = await openStore(this.path, { hash: "md5" });
  }
}

/** The columns that a changed copy of a row has anew. */
function replacements(feature: AnyFeature, change: RowChange, byFieldType: string): string {
  const latest = `SELECT max(coalesce(metaxy_deleted_at, metaxy_updated_at)) FROM ${quoteIdentifier(feature.table)}`;
  const moment = `(${latest}) + INTERVAL 1 MICROSECOND`;
  switch (change) {
    case "deleted":
      return `${moment} AS metaxy_deleted_at`;
    case "without provenance":
      return `${moment} AS metaxy_updated_at, NULL AS metaxy_provenance`;
    case "with an outdated field": {
      const patch = JSON.stringify({ [Object.keys(feature.plan.fieldMembers)[0] ?? ""]: "outdated" });
      const byField = `CAST(json_merge_patch(to_json(metaxy_provenance_by_field), '${patch}') AS ${byFieldType})`;
      return `${moment} AS metaxy_updated_at, 'outdated' AS metaxy_provenance, ${byField} AS metaxy_provenance_by_field`;
    }
  }
}
