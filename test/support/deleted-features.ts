import type { AnyFeature } from "../../runtime/index.ts";
import { buildSpec, integer, text } from "./build-spec.ts";
import { loadProject } from "./load-project.ts";

/** A feature from which samples are removed by the hundred, and one that copies it. */
export const deletedFeatures = loadProject(
  [
    buildSpec("sample", { columns: { id: text, hundred: integer }, ids: ["id"] }),
    buildSpec("copy", { columns: { id: text }, ids: ["id"], deps: ["sample"] }),
  ],
  { hashLength: 64 },
) as Record<"sample" | "copy", AnyFeature>;

/** Rows of the first feature, as a query. */
export function samples(count: number): { readonly sql: string } {
  return {
    sql: `SELECT concat('s', i) AS id, i // 100 AS hundred, {'default': 'p'} AS metaxy_provenance_by_field
      FROM range(${count}) AS t(i)`,
  };
}
