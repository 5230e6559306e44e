import { DuckDBInstance } from "@duckdb/node-api";
import { openStore } from "../../runtime/duckdb/index.ts";
import type { AnyFeature, Store } from "../../runtime/index.ts";
import { quoteName } from "../../runtime/sql-text.ts";
import { freshPath } from "../support/fresh-path.ts";
import type { Row } from "./row.ts";

/** A store in a file, so that a test can also change its tables behind its back. */
export class StoreUnderTest implements AsyncDisposable {
  readonly #path: string;
  #store: Store;

  private constructor(path: string, store: Store) {
    this.#path = path;
    this.#store = store;
  }

  static async create(): Promise<StoreUnderTest> {
    const path = await freshPath();
    return new StoreUnderTest(path, await openStore(path, { hash: "md5" }));
  }

  get store(): Store {
    return this.#store;
  }

  /** Adds copies of the latest rows of some samples, a moment later: deleted, or with a column set to null. */
  async repeatRows(
    feature: AnyFeature,
    samples: readonly Row[],
    change: "deleted" | "without provenance",
  ): Promise<void> {
    const ids = feature.spec.idColumns.map(quoteName);
    const latest = `SELECT max(coalesce(metaxy_deleted_at, metaxy_updated_at)) FROM ${quoteName(feature.table)}`;
    const moment = `(${latest}) + INTERVAL 1 MICROSECOND`;
    const changed =
      change === "deleted"
        ? `${moment} AS metaxy_deleted_at`
        : `${moment} AS metaxy_updated_at, NULL AS metaxy_provenance`;
    const values = samples.map((row) => feature.spec.idColumns.map((column) => row[column]));
    await this.#edit(
      `INSERT INTO ${quoteName(feature.table)} BY NAME
       SELECT * REPLACE (${changed}) FROM ${quoteName(feature.table)}
       WHERE metaxy_feature_version = '${feature.featureVersion}'
         AND list_contains(CAST($1 AS JSON[]), to_json([${ids.map((id) => `to_json(${id})`).join(", ")}]))
       QUALIFY row_number() OVER (
         PARTITION BY ${ids.join(", ")} ORDER BY coalesce(metaxy_deleted_at, metaxy_updated_at) DESC) = 1`,
      JSON.stringify(values),
    );
  }

  /** Turns the by-field columns into maps, as older tables of the Python system have them. */
  async storeAsMaps(feature: AnyFeature): Promise<void> {
    for (const column of ["metaxy_provenance_by_field", "metaxy_data_version_by_field"]) {
      await this.#edit(
        `ALTER TABLE ${quoteName(feature.table)} ALTER COLUMN ${column} TYPE MAP(VARCHAR, VARCHAR)
         USING CAST(to_json(${column}) AS MAP(VARCHAR, VARCHAR))`,
      );
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#store.close();
  }

  async #edit(sql: string, ...values: readonly string[]): Promise<void> {
    await this.#store.close();
    const instance = await DuckDBInstance.create(this.#path);
    const connection = await instance.connect();
    await connection.run(sql, [...values]);
    connection.closeSync();
    instance.closeSync();
    this.#store = await openStore(this.#path, { hash: "md5" });
  }
}
