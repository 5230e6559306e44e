export { guardFiles } from "./file-failure.ts";
export { inspectOutput, type OutputState } from "./inspect-output.ts";
export { listSpecs, loadSources, type ProjectFolders } from "./load-sources.ts";
export { done, type Outcome, type Problem, stopped } from "./problem.ts";
export { readTextIfThere } from "./read-text.ts";
export { type NewFiles, writeNewFiles } from "./write-new-files.ts";
export { writeOutput } from "./write-output.ts";
