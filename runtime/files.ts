/** Rows in files: the database reads them by itself, and no row passes through JavaScript. */
export type FileRows = ParquetRows | CsvRows | JsonRows;

/**
 * One file, or several that are read as one. A path with `*`, `?` or `[…]` stands for all files that match, in the order
 * of their names, unless a file has just that name.
 */
export type FilePaths = string | readonly string[];

/**
 * Rows in Parquet files. Their types fit a spec by the rules for SQL.
 *
 * @example
 * ```ts
 * await increment.write({ parquet: "answers/*.parquet" });
 * ```
 */
export interface ParquetRows {
  readonly parquet: FilePaths;
}

/**
 * Rows in CSV files (RFC 4180, UTF-8), with the names of columns in the first line. Each value is read as the spec
 * declares it, and nothing is guessed: `007` in a string column is `007`. An empty value is null, `""` is an empty
 * string. Lists, objects, maps and JSON are JSON texts; a time without an offset is UTC.
 */
export interface CsvRows {
  readonly csv: FilePaths;
  /** The character between two values. Default: a comma. */
  readonly delimiter?: string;
}

/** Rows in JSON files: an array of objects, or an object a line (NDJSON). Integers are exact up to 64 bits. */
export interface JsonRows {
  readonly json: FilePaths;
}

/** Settings of an export. */
export interface ExportOptions {
  /** Replaces a file that exists. Without it, that is an error. */
  readonly overwrite?: boolean;
  /** Stops the work; the call then rejects with the code `cancelled`, and no file is left. */
  readonly signal?: AbortSignal;
}

/** What an export wrote. */
export interface ExportResult {
  readonly rows: number;
  /** The absolute path of the file. */
  readonly file: string;
}
