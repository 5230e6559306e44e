import { buildSpec, integer, text } from "./build-spec.ts";
import { loadProject } from "./load-project.ts";
import type { NightlyFeatures } from "./nightly-run.ts";

const specs = (version: string) => [
  buildSpec("left", {
    columns: { id: text, batch: integer },
    ids: ["id"],
    fields: [{ key: "x", codeVersion: version }],
  }),
  buildSpec("right", { columns: { id: text, batch: integer }, ids: ["id"] }),
  buildSpec("below", {
    columns: { id: text, batch: integer },
    ids: ["id"],
    deps: [{ feature: "left", select: ["batch"] }],
  }),
  buildSpec("part", {
    columns: { id: text, part: integer },
    ids: ["id", "part"],
    deps: [{ feature: "left", select: [], lineage: { type: "expansion", on: ["id"] } }],
  }),
];
const load = (version: string) => loadProject(specs(version), { hashLength: 64 }) as NightlyFeatures["first"];

/** The features of {@link nightlyRun}. */
export const nightlyFeatures: NightlyFeatures = { first: load("1"), second: load("2") };
