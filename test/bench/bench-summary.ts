import {
  type BenchReport,
  type BenchResult,
  type Columns,
  type CompileResult,
  printMachine,
  printTable,
} from "./bench-report.ts";

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

/** The report in short, as Markdown: a feature below another in the two largest sizes, and 1,000 specs. */
export function printSummary(report: BenchReport): string {
  const ofGraph = report.stores.filter((result) => result.graph === graph);
  const sizes = [...new Set(ofGraph.map((result) => result.rows))].sort((a, b) => a - b).slice(-2);
  const compiled = report.compile.filter(({ specs }) => specs === 1000);
  return [
    printMachine(report),
    ...sizes.map((rows) => printStores(ofGraph.filter((result) => result.rows === rows))),
    ...(compiled.length === 0 ? [] : [printCompile(compiled)]),
  ].join("\n\n");
}

type Named = readonly [name: string, words: string];

/** Stores of one size, the situations below each other; what was not measured is left out. */
function printStores(results: readonly BenchResult[]): string {
  const measured = Object.entries(columns).filter(([name]) =>
    results.some(({ measure }) => measure === name),
  );
  const rows = results[0]?.rows.toLocaleString("en");
  const table: Columns<Named> = {
    [`${rows} samples`]: ([, situation]) => situation,
    ...Object.fromEntries(
      measured.map(([measure, column]) => [
        column,
        ([name]: Named) => took(results.find((each) => each.case === name && each.measure === measure)),
      ]),
    ),
  };
  const found = Object.entries(situations).filter(([name]) => results.some((each) => each.case === name));
  return printTable(table, found);
}

function printCompile(results: readonly CompileResult[]): string {
  const table: Columns<Named> = {
    "1,000 specs": ([, step]) => step,
    "`generate`": ([name]) => took(results.find(({ step }) => step === name)),
  };
  return printTable(table, Object.entries(steps));
}

function took(result: { readonly ms: number } | undefined): string {
  if (result === undefined) return "";
  const seconds = result.ms / 1000;
  return `${seconds.toFixed(seconds < 1 ? 2 : 1)} s`;
}
