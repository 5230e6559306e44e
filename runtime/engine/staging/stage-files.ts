import { parsedColumns } from "../../columns/parsed-columns.ts";
import type { StoredColumns } from "../../columns/stored-type.ts";
import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import { InputError } from "../../errors.ts";
import type { FileRows } from "../../files.ts";
import type { EngineSession, FileFormat, FileSource } from "../engine.ts";
import { assertKnownOptions } from "../known-options.ts";
import { byFieldColumns } from "../tables/system-columns.ts";
import type { RawRows } from "./stage-rows.ts";
import { assertDeclared, computedColumns, type StagingSchema } from "./staging-schema.ts";

const formats: readonly FileFormat[] = ["parquet", "csv", "json"];

/** Whether rows are given as files. */
export function isFileRows(rows: unknown): rows is FileRows {
  return fileFormat(rows) !== undefined;
}

function fileFormat(rows: unknown): FileFormat | undefined {
  if (typeof rows !== "object" || rows === null || Symbol.iterator in rows) return undefined;
  return formats.find((format) => format in rows);
}

/** Brings the rows of files into a temporary table: as typed as they are, and no column that is ignored. */
export async function stageFiles(
  session: EngineSession,
  name: string,
  rows: FileRows,
  schema: StagingSchema,
  signal: AbortSignal | undefined,
): Promise<Omit<RawRows, "table">> {
  const asked = readFileRows(rows, schema);
  try {
    const source = { ...asked, files: await session.files.find(asked.files) };
    const stage = stages[source.format];
    return await session.exclusive(() => stage(session, name, source, schema), signal);
  } catch (error) {
    throw session.files.explain(error, asked);
  }
}

/** The files that a caller names. */
function readFileRows(rows: FileRows, { feature }: StagingSchema): FileSource {
  const format = fileFormat(rows) ?? "parquet";
  const options: Readonly<Record<string, unknown>> = { ...rows };
  assertKnownOptions(`{ ${format} }`, rows, format === "csv" ? [format, "delimiter"] : [format]);
  const paths = options[format];
  const files: unknown[] = Array.isArray(paths) ? paths : [paths];
  if (
    files.length === 0 ||
    files.some((file) => typeof file !== "string" || file === "" || file.includes("\0"))
  ) {
    throw new InputError(
      "wrong-type",
      `{ ${format} } for ${feature} has to be the path of a file, or a list of paths.`,
      { feature },
    );
  }
  const { delimiter = "," } = options;
  if (typeof delimiter !== "string" || delimiter.length !== 1 || /["\r\n]/.test(delimiter)) {
    throw new InputError("wrong-type", `The delimiter of CSV is one character, such as ";".`, { delimiter });
  }
  return { format, files: files as string[], delimiter };
}

type Stage = (
  session: EngineSession,
  name: string,
  source: FileSource,
  schema: StagingSchema,
) => Promise<Omit<RawRows, "table">>;

const stages: Readonly<Record<FileFormat, Stage>> = {
  parquet: async (session, name, source, schema) => {
    await assertAlike(session, source);
    const relation = await session.files.rowsOf(source);
    const columns = await columnsIn(session, relation);
    assertDeclared([...columns.keys()], schema, `${filesOf(source)} for ${schema.feature} has`);
    const kept = [...columns.keys()].filter((column) => isRead(column, schema)).map(quoteIdentifier);
    await stage(session, name, kept, relation, schema);
    return { from: "file", relation };
  },

  csv: async (session, name, source, schema) => {
    const relation = await session.files.rowsOf(source);
    const columns = await columnsIn(session, relation);
    const separated = [...columns.keys()].some((column) => /[;\t|]/.test(column));
    assertDeclared(
      [...columns.keys()],
      schema,
      `${filesOf(source)} for ${schema.feature} has`,
      separated ? " If its values are separated by another character, pass { csv, delimiter }." : "",
    );
    const nested = new Set([
      ...[...parsedColumns(schema.columns)]
        .filter(([, { type }]) => isNested(type.kind))
        .map(([column]) => column),
      ...byFieldColumns,
    ]);
    const { json } = session.dialect.values;
    const kept = [...columns.keys()]
      .filter((column) => isRead(column, schema))
      .map((column) => {
        const text = quoteIdentifier(column);
        // What is not JSON becomes a JSON string, and is refused as one, with its row.
        return nested.has(column) ? `coalesce(${json.tryParse(text)}, ${json.of(text)}) AS ${text}` : text;
      });
    await stage(session, name, kept, relation, schema);
    return { from: "file", isUntyped: true, relation };
  },

  json: async (session, name, source, schema) => {
    const relation = await session.files.rowsOf(source);
    const { json, ...values } = session.dialect.values;
    const known = [
      ...Object.keys(schema.columns),
      ...byFieldColumns,
      ...computedColumns,
      ...(schema.ignored ?? []),
    ];
    const kept = known.filter((column) => isRead(column, schema));
    // Each value is parsed once for all of its members.
    const parsed = `(SELECT json, ${json.members("json", kept)} AS stemma_members, ${json.objectKeys("json")} AS stemma_keys FROM ${relation})`;
    const members = kept.map(
      (column, index) =>
        `${values.itemAt("stemma_members", String(index + 1))} AS ${quoteIdentifier(column)}`,
    );
    const flags = values.mapItems(
      "stemma_keys",
      "stemma_key",
      `stemma_key NOT IN (${known.map(quoteLiteral).join(", ")})`,
    );
    const problem = `CASE WHEN ${values.hasTrue(flags)} THEN 'key' || ${values.itemAt("stemma_keys", values.firstTrue(flags))}
      WHEN ${values.repeatsItem("stemma_keys")} THEN 'repeated'
      WHEN ${values.listLength("stemma_keys")} = 0 AND NOT (${json.isKind("json", "object")}) THEN 'type' END`;
    await stage(session, name, [...members, `${problem} AS stemma_problem`], parsed, schema);
    await assertObjects(session, name, source, schema);
    return { from: "file", isUntyped: true, relation };
  },
};

async function stage(
  session: EngineSession,
  name: string,
  columns: readonly string[],
  relation: string,
  { feature }: StagingSchema,
): Promise<void> {
  if (columns.length === 0) {
    throw new InputError("missing-column", `The files for ${feature} have none of its columns.`, { feature });
  }
  const query = `SELECT ${columns.join(", ")} FROM ${relation}`;
  await session.run(session.dialect.createTemp(name, query, "replace"));
}

const systemColumns: readonly string[] = [...byFieldColumns, "metaxy_provenance"];

/** Whether a column is read; one that is ignored is not. */
function isRead(column: string, { columns }: StagingSchema): boolean {
  return Object.hasOwn(columns, column) || systemColumns.includes(column);
}

function isNested(kind: string): boolean {
  return kind === "list" || kind === "struct" || kind === "map";
}

async function columnsIn(session: EngineSession, relation: string): Promise<StoredColumns> {
  return (await session.columnsOf(relation)) ?? new Map();
}

/** Files that are read as one must have the same columns: else engines drop columns and round values, silently. */
async function assertAlike(session: EngineSession, source: FileSource): Promise<void> {
  const [first = "", ...others] = source.files;
  if (others.length === 0) return;
  const columnsOf = async (file: string) =>
    columnsIn(session, await session.files.rowsOf({ ...source, files: [file] }));
  const expected = await columnsOf(first);
  for (const file of others) {
    const found = await columnsOf(file);
    const differing = [...new Set([...expected.keys(), ...found.keys()])].find(
      (column) => expected.get(column)?.text !== found.get(column)?.text,
    );
    if (differing === undefined) continue;
    const [one, other] = [expected, found].map((columns) => columns.get(differing)?.text ?? "absent");
    throw new InputError(
      "wrong-type",
      `${first} and ${file} can't be read as one: ${differing} is ${one} in the first, and ${other} in the second. Write them one after the other, or read them with a query: { sql: … }.`,
      { column: differing, files: [first, file] },
    );
  }
}

async function assertObjects(
  session: EngineSession,
  name: string,
  source: FileSource,
  schema: StagingSchema,
): Promise<void> {
  const [found] = await session.rows(
    `SELECT stemma_problem AS problem, ${session.dialect.log.column} + 1 AS number
     FROM ${quoteIdentifier(name)} WHERE stemma_problem IS NOT NULL ORDER BY number LIMIT 1`,
  );
  if (found === undefined) return;
  const problem = String(found["problem"]);
  const row = Number(found["number"]);
  const what = `Row ${row} of ${filesOf(source)} for ${schema.feature}`;
  if (problem.startsWith("key")) assertDeclared([problem.slice(3)], schema, `${what} has`);
  throw new InputError(
    "wrong-type",
    problem === "type" ? `${what} is not an object.` : `${what} has a key twice.`,
    { feature: schema.feature, row },
  );
}

function filesOf({ files }: FileSource): string {
  const [first = ""] = files;
  return files.length === 1 ? first : `One of ${files.length} files (the first is ${first})`;
}
