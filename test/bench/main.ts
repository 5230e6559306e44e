import { readFile, writeFile } from "node:fs/promises";
import process from "node:process";
import { builtEnvironment, clear } from "./bench-environment.ts";
import { type BenchOptions, benchOptions } from "./bench-options.ts";
import { type BenchReport, joinReports, printReport } from "./bench-report.ts";
import { printSummary } from "./bench-summary.ts";
import { runBench } from "./run-bench.ts";

const options = benchOptions(process.argv.slice(2));
const report = await (options.from.length > 0 ? readReports(options.from) : measure(options));
process.stdout.write(`${printReport(report)}\n`);
if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
if (options.readme) {
  await putInto("README.md", printReport(report));
  await putInto("../../README.md", printSummary(report));
}

async function measure(requested: BenchOptions): Promise<BenchReport> {
  const environment = await builtEnvironment();
  try {
    return await runBench(environment, requested, (line) => process.stderr.write(`${line}\n`));
  } finally {
    await clear(environment);
  }
}

async function readReports(files: readonly string[]): Promise<BenchReport> {
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  return joinReports(texts.map((text): BenchReport => JSON.parse(text)));
}

/** Puts tables between the marks of a README. */
async function putInto(path: string, tables: string): Promise<void> {
  const readme = new URL(path, import.meta.url);
  const results = `<!-- results -->\n${tables}\n<!-- end of results -->`;
  const text = await readFile(readme, "utf8");
  await writeFile(
    readme,
    text.replace(/<!-- results -->[\s\S]*<!-- end of results -->/, () => results),
  );
}
