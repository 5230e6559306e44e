import type { Location } from "../../diagnostics/location.ts";
import type { Manifest } from "../../manifest/manifest.ts";
import { sha256 } from "../../pipeline/sha256.ts";
import { compareText } from "../../source/compare-text.ts";
import { isInBoth, isMoved, type ProjectPair } from "../model/project-pair.ts";
import type { ProjectChange } from "../model/version-diff.ts";
import { classifyProjectChange } from "./classify-change.ts";

/** The changes that moved every version of the project at once. */
export function findProjectChanges(
  before: Manifest,
  after: Manifest,
  project: ProjectPair,
  locateSetting: (setting: string) => Location | undefined,
): ProjectChange[] {
  const [from, to] = [effectiveHashLength(before), effectiveHashLength(after)];
  return [
    ...(from === to
      ? []
      : [
          withLocation(
            classifyProjectChange({
              rule: "hash-length",
              from: `${before.hashLength}`,
              to: `${after.hashLength}`,
            }),
            locateSetting("hashLength"),
          ),
        ]),
    ...classifyUnexplained(unexplainedVersions(before, project), project),
  ];
}

function withLocation(change: ProjectChange, at: Location | undefined): ProjectChange {
  return at === undefined ? change : { ...change, at: { file: at.file, line: at.line, column: at.column } };
}

/** A whole hash has 64 characters: a greater length keeps the same. */
function effectiveHashLength({ hashLength }: Manifest): number {
  return Math.min(hashLength, 64);
}

/**
 * Unexplained versions of one manifest are one change; those of another manifest are another. Rows are stored under the
 * versions of features: where none of those moved, they count as before.
 */
function classifyUnexplained(versions: readonly string[], { features }: ProjectPair): ProjectChange[] {
  if (versions.length === 0) return [];
  const change = classifyProjectChange({
    rule: "version-formula",
    discriminator: versions.toSorted().join(" "),
  });
  const hasMoved = [...features.values()]
    .filter(isInBoth)
    .some(({ before, after }) => before.featureVersion !== after.featureVersion);
  return [hasMoved ? change : { ...change, recompute: "none" }];
}

/** The changed versions that do not follow from the inputs in their manifest, each with its name. */
function unexplainedVersions(before: Manifest, project: ProjectPair): string[] {
  return [...unexplainedFieldVersions(before, project), ...unexplainedFeatureVersions(project)];
}

/** Versions of features that changed though the versions of all their fields are the same. */
function unexplainedFeatureVersions({ features }: ProjectPair): string[] {
  return [...features.values()].filter(isInBoth).flatMap(({ key, before, after, fields }) => {
    const isExplained =
      before.featureVersion === after.featureVersion ||
      fields.some((field) => field.before?.version !== field.after?.version);
    return isExplained ? [] : [`${key} ${before.featureVersion}`];
  });
}

function unexplainedFieldVersions(before: Manifest, project: ProjectPair): string[] {
  return [...project.fields.values()].filter(isMoved).flatMap(({ formerName, before: field }) => {
    const parents = field.parents
      .map((parent) => project.fields.get(parent))
      .sort((a, b) => compareText(a?.formerName ?? "", b?.formerName ?? ""))
      .map((parent) => parent?.before?.version ?? "");
    const text = formerName + field.codeVersion + parents.join("");
    const isExplained = sha256(text).slice(0, before.hashLength) === field.version;
    return isExplained ? [] : [`${formerName} ${field.version}`];
  });
}
