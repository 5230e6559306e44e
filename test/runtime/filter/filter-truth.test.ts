import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { printFilter } from "../../../runtime/dialect/print-filter.ts";
import { compileFilter } from "../../../runtime/filter/index.ts";
import { arbitraryFilter, arbitraryStyle } from "./arbitrary-filter.ts";
import { arbitraryRow } from "./arbitrary-row.ts";
import { columnSql, columnTypes, quotedLiteral } from "./columns.ts";
import { type ModelRow, writeFilter } from "./model-filter.ts";
import { truthOf } from "./naive-truth.ts";

const columns = {
  txt: "VARCHAR",
  'other "x".y': "VARCHAR",
  num: "BIGINT",
  dbl: "DOUBLE",
  ok: "BOOLEAN",
  day: "DATE",
  at: "TIMESTAMPTZ",
  uid: "UUID",
  meta: 'STRUCT("size" BIGINT, "in" STRUCT("ok" BOOLEAN))',
};
const types = columnTypes(columns);
const rows: readonly ModelRow[] = fc.sample(arbitraryRow, { numRuns: 120, seed: 7 });

let connection: DuckDBConnection;

beforeAll(async () => {
  connection = await (await DuckDBInstance.create(":memory:")).connect();
  const definitions = Object.entries(columns).map(([name, type]) => `${columnSql([name])} ${type}`);
  await connection.run(`CREATE TABLE t (nr INTEGER, ${definitions.join(", ")})`);
  for (const [nr, row] of rows.entries()) await insert(nr, row);
});

afterAll(() => connection.closeSync());

describe.each(["UTC", "Asia/Kolkata", "America/New_York"])("with the session's time zone %s", (zone) => {
  beforeAll(async () => void (await connection.run(`SET TimeZone = '${zone}'`)));

  test("filters keep the rows for which they are true, with literals quoted or bound", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryFilter, arbitraryStyle, async (filter, style) => {
        const text = writeFilter(filter, style);
        const expected = rows.flatMap((row, nr) => (truthOf(filter, row) === true ? [nr] : []));
        expect(await rowsWhereQuoted(text), text).toBe(expected.join(" "));
        expect(await rowsWhereBound(text), text).toBe(expected.join(" "));
      }),
      { numRuns: 300 },
    );
  });
});

async function insert(nr: number, row: ModelRow): Promise<void> {
  const meta = `CASE WHEN $10 THEN {size: $11::BIGINT, 'in': CASE WHEN $12 THEN {ok: $13::BOOLEAN} END} END`;
  await connection.run(
    `INSERT INTO t SELECT $1::INTEGER, $2::VARCHAR, $3::VARCHAR, $4::BIGINT, $5::DOUBLE, $6::BOOLEAN, $7::DATE, make_timestamptz($8::BIGINT), $9::UUID, ${meta}`,
    [
      nr,
      row.txt,
      row.other,
      textOf(row.num),
      textOf(row.dbl),
      row.ok,
      row.day,
      textOf(row.at),
      row.uid,
      row.meta !== null,
      textOf(row.meta?.size ?? null),
      (row.meta?.in ?? null) !== null,
      row.meta?.in?.ok ?? null,
    ],
  );
}

/** The driver takes a DOUBLE without a fraction for a BIGINT. */
function textOf(value: bigint | number | null): string | null {
  return value === null ? null : String(value);
}

function compiled(text: string) {
  const filter = compileFilter(text, types);
  if (!filter.ok) throw new Error(`${text}: ${JSON.stringify(filter.problems)}`);
  return filter.value;
}

async function rowsWhereQuoted(text: string): Promise<string> {
  return rowsWhere(printFilter(compiled(text), { column: columnSql, literal: quotedLiteral }), []);
}

async function rowsWhereBound(text: string): Promise<string> {
  const values: DuckDBValue[] = [];
  const literal = ({ type, text: value }: { readonly type: string; readonly text: string }) =>
    `$${values.push(value)}::${type}`;
  return rowsWhere(printFilter(compiled(text), { column: columnSql, literal }), values);
}

async function rowsWhere(condition: string, values: DuckDBValue[]): Promise<string> {
  const result = await connection.runAndReadAll(`SELECT nr FROM t WHERE ${condition} ORDER BY nr`, values);
  return result.getRowsJS().flat().join(" ");
}
