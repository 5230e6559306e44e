import { writeFileSync } from "node:fs";
import process from "node:process";

// Runs a module of this project as if Node had been given it, and leaves its peak memory, in MiB, in a file.
const [memoryFile = "", module = "", ...args] = process.argv.slice(2);
process.on("exit", () => writeFileSync(memoryFile, String(process.resourceUsage().maxRSS / 1024)));
process.argv.splice(2, process.argv.length, ...args);
const extension = import.meta.url.slice(import.meta.url.lastIndexOf("."));
await import(new URL(`../../../${module}${extension}`, import.meta.url).href);
