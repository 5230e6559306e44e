import type { CliError } from "../diagnostics/cli-error.ts";
import { suggestOrList } from "../diagnostics/did-you-mean.ts";
import type { Location } from "../diagnostics/location.ts";
import { suggest } from "../diagnostics/suggest.ts";
import { fail, ok, type Result } from "../pipeline/result.ts";
import type { FeatureModel, FieldModel, ProjectModel } from "../resolve/project-model.ts";
import { compareText } from "../source/compare-text.ts";
import type { ProjectVersions } from "../versions/project-versions.ts";

/**
 * Explains how the version of a field is computed, down to the code versions upstream. `name` is `feature.field`.
 *
 * @example
 * ```ts
 * const explained = explainField(project, versions, "speaker/embedding.embedding");
 * ```
 */
export function explainField(
  project: ProjectModel,
  versions: ProjectVersions,
  name: string,
): Result<Explanation> {
  const [key = "", ...rest] = name.split(".");
  const feature = project.features.find((feature) => feature.key === key);
  if (feature === undefined) return fail(unknownFeature(project, key));
  const field = feature.fields.find((field) => field.key === rest.join("."));
  return field === undefined
    ? fail(unknownField(feature, name))
    : ok(explanation(name, fieldSteps([field], versions), versions));
}

/** Explains how the version of a feature is computed, down to the code versions of its fields and upstream of them. */
export function explainFeature(
  project: ProjectModel,
  versions: ProjectVersions,
  key: string,
): Result<Explanation> {
  const feature = project.features.find((feature) => feature.key === key);
  if (feature === undefined) return fail(unknownFeature(project, key));
  const fields = [...feature.fields].sort((a, b) => compareText(a.key, b.key));
  const steps = [...fieldSteps(fields, versions), featureStep(feature, fields, versions)];
  return ok(explanation(key, steps, versions));
}

function explanation(
  name: string,
  steps: readonly ExplanationStep[],
  { projectVersion }: ProjectVersions,
): Explanation {
  return {
    name,
    version: steps.at(-1)?.version ?? "",
    hashLength: projectVersion.length,
    steps,
  };
}

/** The fields and all their upstream fields, each once: the number of paths through a graph can be exponential. */
function fieldSteps(fields: readonly FieldModel[], versions: ProjectVersions): ExplanationStep[] {
  const steps: ExplanationStep[] = [];
  const visited = new Set<FieldModel>();
  const stack = [...fields].reverse();
  for (let field = stack.at(-1); field !== undefined; field = stack.at(-1)) {
    const missing = field.parents.filter((parent) => !visited.has(parent));
    if (missing.length > 0) {
      stack.push(...missing.reverse());
      continue;
    }
    stack.pop();
    if (visited.has(field)) continue;
    visited.add(field);
    steps.push(fieldStep(field, versions));
  }
  return steps;
}

function fieldStep(field: FieldModel, versions: ProjectVersions): ExplanationStep {
  const { document, fields } = field.feature.spec;
  const path = fields.find(({ key }) => key === field.key)?.path ?? [];
  return step(field.fullName, versionOf(field, versions), document.locate([...path, "codeVersion"]), [
    { kind: "name", text: field.fullName },
    { kind: "code-version", text: field.codeVersion },
    ...field.parents.map((parent) => versionPart(parent.fullName, versionOf(parent, versions))),
  ]);
}

function featureStep(
  feature: FeatureModel,
  fields: readonly FieldModel[],
  versions: ProjectVersions,
): ExplanationStep {
  const version = versions.features.get(feature)?.featureVersion ?? "";
  const at = feature.spec.document.locate(["feature", "key"]);
  const parts = fields.flatMap((field): ExplanationPart[] => [
    { kind: "name", text: field.key },
    versionPart(field.fullName, versionOf(field, versions)),
  ]);
  return step(feature.key, version, at, parts);
}

function step(
  name: string,
  version: string,
  { file, line, column }: ExplanationStep["at"],
  parts: readonly ExplanationPart[],
): ExplanationStep {
  return { name, version, text: parts.map(({ text }) => text).join(""), parts, at: { file, line, column } };
}

function versionPart(of: string, text: string): ExplanationPart {
  return { kind: "version", of, text };
}

function versionOf(field: FieldModel, versions: ProjectVersions): string {
  return versions.features.get(field.feature)?.fields.get(field) ?? "";
}

function unknownFeature(project: ProjectModel, key: string): CliError {
  const known = project.features.map((feature) => feature.key).sort(compareText);
  return {
    code: "feature-unknown",
    message: `Unknown feature ${JSON.stringify(key)}.`,
    hint: suggestOrList({ suggestion: suggest(key, known), known }),
  };
}

function unknownField(feature: FeatureModel, name: string): CliError {
  const known = feature.fields.map(({ fullName }) => fullName).sort(compareText);
  return {
    code: "field-unknown",
    message: `Unknown field ${JSON.stringify(name)}.`,
    hint: suggestOrList({ suggestion: suggest(name, known), known }),
  };
}

/** How a version is computed, down to code versions, so that a person can repeat it by hand. */
export interface Explanation {
  /** `feature.field`, or the key of a feature. */
  readonly name: string;
  readonly version: string;
  /** The number of characters to which hashes are truncated. */
  readonly hashLength: number;
  /** Every version that it depends on, each once and after its own inputs. The last step is the requested version. */
  readonly steps: readonly ExplanationStep[];
}

/** One version, and the text whose hash it is. */
export interface ExplanationStep {
  /** `feature.field`, or the key of a feature. */
  readonly name: string;
  /** The first characters of the SHA-256 of {@link text}. */
  readonly version: string;
  /** The hashed text, in UTF-8: the texts of the parts without separators. */
  readonly text: string;
  readonly parts: readonly ExplanationPart[];
  /** Location of the code version of a field, or of the key of a feature. */
  readonly at: Location;
}

/** A part of the hashed text. */
export interface ExplanationPart {
  readonly kind: "name" | "code-version" | "version";
  /** The field that a version belongs to. */
  readonly of?: string;
  readonly text: string;
}
