import { quoteIdentifier, quoteLiteral } from "../dialect/sql-text.ts";
import type { EngineCatalog } from "../engine/engine.ts";
import type { Session } from "./session.ts";

/** What DuckDB's catalog says of the tables of a database. */
export class DuckCatalog implements EngineCatalog {
  readonly #session: Session;
  readonly #collatedTables: ReadonlySet<string>;

  constructor(session: Session, collatedTables: ReadonlySet<string>) {
    this.#session = session;
    this.#collatedTables = collatedTables;
  }

  async hasColumn(column: string): Promise<boolean> {
    const [found] = await this.#session.rows(
      `SELECT count(*) AS columns FROM duckdb_columns()
       WHERE database_name = current_database() AND column_name = ${quoteLiteral(column)}`,
    );
    return Number(found?.["columns"] ?? 0) > 0;
  }

  isCollated(table: string): boolean {
    return this.#collatedTables.has(table);
  }

  async isView(table: string): Promise<boolean> {
    const views = await this.#session.rows(
      `SELECT 1 FROM duckdb_views() WHERE database_name = current_database() AND schema_name = 'main'
         AND lower(view_name) = lower(${quoteLiteral(table)})`,
    );
    return views.length > 0;
  }

  async columnsWithDefault(table: string): Promise<string[]> {
    const rows = await this.#session.rows(
      `SELECT column_name FROM duckdb_columns()
       WHERE ${isTable(table)} AND column_default IS NOT NULL AND upper(column_default) <> 'NULL'`,
    );
    return rows.map((row) => String(row["column_name"]));
  }

  async computedColumns(table: string): Promise<string[]> {
    const computed: string[] = [];
    for (const name of await this.columnsWithDefault(table)) {
      // DuckDB lists both alike.
      const [stored, column] = [`main.${quoteIdentifier(table)}`, quoteIdentifier(name)];
      const isWritable = await this.#session.canPrepare(
        `INSERT INTO ${stored} (${column}) SELECT ${column} FROM ${stored}`,
      );
      if (!isWritable) computed.push(name);
    }
    return computed;
  }

  async constraintsOf(table: string): Promise<string[]> {
    const [found] = await this.#session.rows(
      `SELECT (SELECT string_agg(DISTINCT lower(constraint_type), ', ') FROM duckdb_constraints() WHERE ${isTable(table)}) AS constraints,
         (SELECT string_agg(index_name, ', ') FROM duckdb_indexes() WHERE ${isTable(table)}) AS indexes`,
    );
    return [found?.["constraints"], found?.["indexes"]].filter((one) => typeof one === "string");
  }
}

function isTable(table: string): string {
  return `database_name = current_database() AND schema_name = 'main' AND table_name = ${quoteLiteral(table)}`;
}
