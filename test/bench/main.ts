import { readFile, writeFile } from "node:fs/promises";
import process from "node:process";
import { benchOptions } from "./bench-options.ts";
import { printReport } from "./bench-report.ts";
import { runBench } from "./run-bench.ts";
import { builtWorkshop, clear } from "./workshop.ts";

const options = benchOptions(process.argv.slice(2));
const workshop = await builtWorkshop();
try {
  const report = await runBench(workshop, options, (line) => process.stderr.write(`${line}\n`));
  const table = printReport(report);
  process.stdout.write(`${table}\n`);
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
  if (options.readme) await putIntoReadme(table);
} finally {
  await clear(workshop);
}

async function putIntoReadme(table: string): Promise<void> {
  const readme = new URL("README.md", import.meta.url);
  const text = await readFile(readme, "utf8");
  const results = `<!-- results -->\n${table}\n<!-- end of results -->`;
  await writeFile(
    readme,
    text.replace(/<!-- results -->[\s\S]*<!-- end of results -->/, () => results),
  );
}
