import { compileModel } from "../../generator/compile-project.ts";
import type { ProjectModel } from "../../generator/resolve/project-model.ts";
import type { ProjectVersions } from "../../generator/versions/index.ts";

/** Specs compiled up to their versions. */
export interface CompiledSpecs {
  readonly model: ProjectModel;
  readonly versions: ProjectVersions;
  readonly hashLength: number;
}

/** Compiles specs in memory; throws with all diagnostics where there are errors. */
export function compileSpecs(
  specs: readonly object[],
  { hashLength }: { readonly hashLength: number },
): CompiledSpecs {
  const sources = Object.fromEntries(
    specs.map((spec, index) => [`schemas/spec-${index}.feature.json`, JSON.stringify(spec, null, 2)]),
  );
  const { project, versions, diagnostics } = compileModel(sources, { hashLength, schemas: "schemas" });
  if (project === undefined || versions === undefined) {
    throw new Error(
      diagnostics.map((d) => `${d.file}:${d.line}:${d.column} ${d.code} ${d.message}`).join("\n"),
    );
  }
  return { model: project, versions, hashLength };
}
