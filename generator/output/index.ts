export { DiskCache } from "./disk-cache.ts";
export { guardFiles } from "./file-failure.ts";
export { inspectOutput, type OutputState } from "./inspect-output.ts";
export { loadSources, type ProjectFolders, targetsOf } from "./load-sources.ts";
export { done, type Outcome, type Problem, stopped } from "./problem.ts";
export { readTextIfThere } from "./read-text.ts";
export { recallCompile, rememberCompile } from "./recall-compile.ts";
export { kindOf, walkFolder } from "./walk-folder.ts";
export { writeOutput } from "./write-output.ts";
