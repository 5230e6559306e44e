export { guardFiles } from "./file-failure.ts";
export { inspectOutput, type OutputState } from "./inspect-output.ts";
export { loadSources, type ProjectFolders } from "./load-sources.ts";
export { done, type Outcome, type Problem, stopped } from "./problem.ts";
export { readTextIfThere } from "./read-text.ts";
export { writeOutput } from "./write-output.ts";
