import { quoteLiteral } from "../../dialect/sql-text.ts";
import type { FileSource } from "../../engine/engine.ts";
import { csvHeader } from "./csv-header.ts";
import { fileList } from "./find-files.ts";

/**
 * Bytes of the longest line of a CSV file; by default, it is 2 MB, and DuckDB takes sixteen times as much for each of its
 * buffers.
 */
const longestLine = 16 * 1024 * 1024;

/** SQL of the rows of files, for use behind FROM. No column comes from the name of a folder. */
export async function fileRows({ format, files, delimiter }: FileSource): Promise<string> {
  switch (format) {
    case "parquet":
      return `read_parquet(${fileList(files)}, hive_partitioning = false)`;
    case "json":
      return `read_json_objects(${fileList(files)}, format = 'auto', hive_partitioning = false)`;
    case "csv":
      return csvRows(files, delimiter);
  }
}

/** Files are read together as far as their headers are the same. */
async function csvRows(files: readonly string[], delimiter: string): Promise<string> {
  const parts: { readonly names: readonly string[]; readonly files: string[] }[] = [];
  for (const file of files) {
    const names = await csvHeader(file, delimiter);
    const last = parts.at(-1);
    if (last !== undefined && JSON.stringify(last.names) === JSON.stringify(names)) last.files.push(file);
    else parts.push({ names, files: [file] });
  }
  const tables = parts.map((part) => {
    const columns = part.names.map((name) => `${quoteLiteral(name)}: 'VARCHAR'`).join(", ");
    return `read_csv(${fileList(part.files)}, auto_detect = false, header = true, columns = {${columns}},
      delim = ${quoteLiteral(delimiter)}, quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false,
      max_line_size = ${longestLine}, buffer_size = ${2 * longestLine}, hive_partitioning = false)`;
  });
  const [only = ""] = tables;
  return tables.length === 1
    ? only
    : `(${tables.map((table) => `FROM ${table}`).join(" UNION ALL BY NAME ")})`;
}
