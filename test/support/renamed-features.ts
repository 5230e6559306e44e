import type { AnyFeature } from "../../runtime/index.ts";
import { buildSpec, integer, text } from "./build-spec.ts";
import { loadProject } from "./load-project.ts";

/** A root and a copy of it, before and after a rename of the root and of its field. */
export function renamedFeatures(when: "before" | "after"): Record<"sample" | "copy", AnyFeature> {
  const [key, field] = when === "before" ? ["sample", "default"] : ["renamed", "content"];
  const columns = { id: text, hundred: integer };
  const root = buildSpec(key, {
    columns,
    ids: ["id"],
    fields: [when === "before" ? { key: field } : { key: field, renamedFrom: "default" }],
  }) as { feature: object };
  const { [key]: sample, copy } = loadProject(
    [
      when === "before" ? root : { ...root, feature: { ...root.feature, renamedFrom: "sample" } },
      buildSpec("copy", { columns: { id: text }, ids: ["id"], deps: [key] }),
    ],
    { hashLength: 64 },
  );
  if (sample === undefined || copy === undefined) throw new Error("A feature is missing");
  return { sample, copy };
}
