import { type BenchReport, type Columns, printMachine, printTable } from "./bench-report.ts";

const graph = "simple";

const situations: Readonly<Record<string, string>> = {
  first: "all are new",
  unchanged: "nothing changed",
  "1%": "1 % changed",
  "10%": "10 % changed",
  bump: "code version bumped",
};

const columns: Readonly<Record<string, string>> = {
  counts: "resolve",
  "resolve + iterate": "and read each row in JavaScript",
  "resolve + write": "and write all of it",
};

const steps: Readonly<Record<string, string>> = {
  "generate cold": "the first time",
  "generate unchanged": "nothing changed",
  "generate one edited": "one spec edited",
  "generate --check": "`--check`",
  diff: "`diff`",
};

/** The report in short, as Markdown: the largest store of two features that was measured, and 1,000 specs. */
export function printSummary(report: BenchReport): string {
  const ofGraph = report.stores.filter((result) => result.graph === graph);
  const rows = Math.max(...ofGraph.map((result) => result.rows));
  const largest = ofGraph.filter((result) => result.rows === rows);
  const cell = (name: string, measure: string) =>
    took(largest.find((result) => result.case === name && result.measure === measure));
  const stores: Columns<readonly [string, string]> = {
    [`${rows.toLocaleString("en")} samples`]: ([, situation]) => situation,
    ...Object.fromEntries(
      Object.entries(columns).map(([measure, column]) => [
        column,
        ([name]: readonly [string, string]) => cell(name, measure),
      ]),
    ),
  };
  const compiled = report.compile.filter(({ specs }) => specs === 1000);
  const compile: Columns<readonly [string, string]> = {
    "1,000 specs": ([, step]) => step,
    "`generate`": ([name]) => took(compiled.find(({ step }) => step === name)),
  };
  return [
    printMachine(report),
    printTable(stores, Object.entries(situations)),
    ...(compiled.length === 0 ? [] : [printTable(compile, Object.entries(steps))]),
  ].join("\n\n");
}

function took(result: { readonly ms: number } | undefined): string {
  if (result === undefined) return "";
  const seconds = result.ms / 1000;
  return `${seconds.toFixed(seconds < 1 ? 2 : 1)} s`;
}
