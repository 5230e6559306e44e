import { readFile } from "node:fs/promises";
import process from "node:process";
import { floors } from "./floors.ts";
import type { Job, Outcome } from "./job.ts";
import { measures } from "./measures.ts";
import { preparations } from "./prepare.ts";

// Does one job, which stands in the file that the first argument names, and prints its outcome.
const job: Job = JSON.parse(await readFile(process.argv[2] ?? "", "utf8"));
const work = preparations[job.work] ?? floors[job.work] ?? measures[job.work]?.run;
if (work === undefined) throw new Error(`Nothing is called ${job.work}`);
const outcome: Outcome = { ...(await work(job)), rssMiB: process.resourceUsage().maxRSS / 1024 };
process.stdout.write(JSON.stringify(outcome));
