import { InputError } from "../../errors.ts";
import type { ExportOptions, ExportResult } from "../../files.ts";
import type { FileFormat, FileTarget, ReadColumn } from "../engine.ts";
import { assertKnownOptions } from "../known-options.ts";
import type { RowSource } from "./block-rows.ts";
import { emptyFileColumn, fileColumn } from "./file-columns.ts";

/** Writes columns of rows to a file, in the order of the rows. */
export async function exportRows(
  source: RowSource,
  columns: readonly ReadColumn[],
  file: string,
  options: ExportOptions,
): Promise<ExportResult> {
  assertKnownOptions("export", options, ["overwrite", "signal"]);
  const { signal, overwrite = false } = options;
  const target = targetOf(file, overwrite);
  const names = [...new Set(columns.map(({ name, from = name }) => from))];
  const table = await source.open(names, { signal, before: ({ files }) => files.check(target) });
  try {
    const { session } = table;
    const { values } = session.dialect;
    const isEmpty = table.table === "";
    const column = isEmpty ? emptyFileColumn : fileColumn;
    const selected = columns.map((one) => column(values, target.format, one)).join(", ");
    const query = `SELECT ${selected}${isEmpty ? " WHERE false" : ` FROM ${table.table}`}`;
    return await session.exclusive(() => session.files.write(query, target), signal);
  } finally {
    await table.release();
  }
}

/** Endings of files, and what they hold. */
const endings: Readonly<Record<string, { readonly format: FileFormat; readonly byLine: boolean }>> = {
  parquet: { format: "parquet", byLine: false },
  csv: { format: "csv", byLine: false },
  json: { format: "json", byLine: false },
  ndjson: { format: "json", byLine: true },
  jsonl: { format: "json", byLine: true },
};

function targetOf(file: unknown, overwrite: boolean): FileTarget {
  if (typeof file !== "string" || file === "" || file.includes("\0"))
    throw new InputError("wrong-type", "export needs the path of a file, such as new.parquet.");
  const [, ending = "", compressed] = /\.([^./\\]+?)(\.gz)?$/i.exec(file) ?? [];
  const known = endings[ending.toLowerCase()];
  const isCompressed = compressed !== undefined;
  if (known === undefined || (isCompressed && known.format === "parquet")) {
    throw new InputError(
      "file-format",
      `The ending of ${file} names no format that rows are exported to: .parquet, .csv, .json, .ndjson or .jsonl, the texts also with .gz.`,
      { file },
    );
  }
  return { ...known, isCompressed, file, overwrite };
}
