/** One measure of one case, over all rounds. */
export interface BenchResult {
  readonly graph: string;
  readonly case: string;
  readonly rows: number;
  readonly measure: string;
  /** Milliseconds: the median, and each round. */
  readonly ms: number;
  readonly rounds: readonly number[];
  readonly floor: string;
  /** Milliseconds of the floor, the median. */
  readonly floorMs: number;
  /** The median of each round's time divided by the floor of the same round. */
  readonly ratio: number;
  /** The same of the time that all threads computed. */
  readonly cpuRatio: number;
  /** Peak resident set, in MiB, the largest of the rounds. */
  readonly rssMiB: number;
  /** Milliseconds of the whole process, from its start to its exit, the median. */
  readonly processMs: number;
  /** Rows written or iterated. */
  readonly done?: number;
  readonly counts?: { readonly new: number; readonly stale: number; readonly orphaned: number };
}

/** One compile, over all rounds. Fields are as in {@link BenchResult}; times are of whole processes. */
export interface CompileResult {
  readonly specs: number;
  readonly step: string;
  readonly ms: number;
  readonly rounds: readonly number[];
  readonly floor: string;
  readonly floorMs: number;
  readonly ratio: number;
  readonly rssMiB: number;
}

/** All that a run gives, as it is written to JSON. */
export interface BenchReport {
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGiB: number;
    readonly node: string;
    readonly duckdb: string;
  };
  readonly stores: readonly BenchResult[];
  readonly compile: readonly CompileResult[];
}

/** The middle value; the mean of the two middle ones where there is none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

/** The report as Markdown. */
export function printReport(report: BenchReport): string {
  const { stores, compile } = report;
  return [
    printMachine(report),
    ...(stores.length === 0 ? [] : [printTable(storeColumns, stores)]),
    ...(compile.length === 0 ? [] : [printTable(compileColumns, compile)]),
  ].join("\n\n");
}

/** The machine, and how often it measured. */
export function printMachine({ machine, stores, compile }: BenchReport): string {
  const { cpu, cores, memoryGiB, node, duckdb } = machine;
  const rounds = [...stores, ...compile].map((result) => result.rounds.length);
  const [least, most] = [Math.min(...rounds), Math.max(...rounds)];
  const medians = least === most ? `${least}` : `${least} to ${most}`;
  return `${cores} cores of ${cpu}, ${memoryGiB} GiB, Node ${node}, DuckDB ${duckdb}; median of ${medians}.`;
}

/** The reports of several runs as one: of a measure that several made, the last one counts. */
export function joinReports(reports: readonly BenchReport[]): BenchReport {
  const [first] = reports;
  if (first === undefined) throw new Error("There is no report to print");
  const stores = reports.flatMap((report) => report.stores);
  const compile = reports.flatMap((report) => report.compile);
  return {
    machine: first.machine,
    stores: lastOf(stores, ({ graph, rows, case: name, measure }) => `${graph} ${rows} ${name} ${measure}`),
    compile: lastOf(compile, ({ specs, step }) => `${specs} ${step}`),
  };
}

function lastOf<Result>(results: readonly Result[], name: (result: Result) => string): Result[] {
  return [...new Map(results.map((result) => [name(result), result])).values()];
}

/** Columns of a table: what a row has in each. */
export type Columns<Row> = Readonly<Record<string, (row: Row) => string>>;

const ms = (value: number): string => (value < 10 ? value.toFixed(1) : value.toFixed(0));
const times = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(1));

const storeColumns: Columns<BenchResult> = {
  graph: (row) => row.graph,
  rows: (row) => row.rows.toLocaleString("en"),
  case: (row) => row.case,
  measure: (row) => row.measure,
  ms: (row) => ms(row.ms),
  floor: (row) => `${row.floor.replace("floor:", "")} ${ms(row.floorMs)}`,
  "× floor": (row) => times(row.ratio),
  "CPU ×": (row) => times(row.cpuRatio),
  "rows/s": (row) => (row.done ? Math.round((row.done / row.ms) * 1000).toLocaleString("en") : ""),
  MiB: (row) => row.rssMiB.toFixed(0),
  "process ms": (row) => ms(row.processMs),
};

const compileColumns: Columns<CompileResult> = {
  specs: (row) => row.specs.toLocaleString("en"),
  step: (row) => row.step,
  ms: (row) => ms(row.ms),
  floor: (row) => `${row.floor} ${ms(row.floorMs)}`,
  "× floor": (row) => times(row.ratio),
  MiB: (row) => row.rssMiB.toFixed(0),
};

/** A Markdown table: a row for each of `rows`, the cells by column. */
export function printTable<Row>(columns: Columns<Row>, rows: readonly Row[]): string {
  const cells = [Object.keys(columns), ...rows.map((row) => Object.values(columns).map((cell) => cell(row)))];
  const widths = Object.keys(columns).map((_, column) =>
    Math.max(...cells.map((line) => line[column]?.length ?? 0)),
  );
  const lines = cells.map(
    (line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`,
  );
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  return [lines[0], rule, ...lines.slice(1)].join("\n");
}
