import type { Manifest } from "../manifest/manifest.ts";
import { sha256 } from "../sha256.ts";
import { compareText } from "../source/compare-text.ts";
import { judgeProjectChange } from "./changes/judge-change.ts";
import { isKept, isMoved, type ProjectPair } from "./project-pair.ts";
import type { Place, ProjectChange } from "./version-diff.ts";

/** What moved versions all over the project at once. */
export function findProjectChanges(
  before: Manifest,
  after: Manifest,
  project: ProjectPair,
  locateSetting: (setting: string) => Place | undefined,
): ProjectChange[] {
  const [from, to] = [keptOfHash(before), keptOfHash(after)];
  return [
    ...(from === to
      ? []
      : [
          placed(
            judgeProjectChange({
              rule: "hash-length",
              from: `${before.hashLength}`,
              to: `${after.hashLength}`,
            }),
            locateSetting("hashLength"),
          ),
        ]),
    ...judgeForeign(foreignVersions(before, project), project),
  ];
}

function placed(change: ProjectChange, at: Place | undefined): ProjectChange {
  return at === undefined ? change : { ...change, at: { file: at.file, line: at.line, column: at.column } };
}

/** A whole hash has 64 characters: keeping more keeps the same. */
function keptOfHash({ hashLength }: Manifest): number {
  return Math.min(hashLength, 64);
}

/**
 * One manifest that is wrong is one change; another one, wrong elsewhere, is another. Rows are stored under the versions
 * of features: where none of those moved, they count as before.
 */
function judgeForeign(versions: readonly string[], { features }: ProjectPair): ProjectChange[] {
  if (versions.length === 0) return [];
  const change = judgeProjectChange({ rule: "formula", evidence: versions.toSorted().join(" ") });
  const hasMoved = [...features.values()]
    .filter(isKept)
    .some(({ before, after }) => before.featureVersion !== after.featureVersion);
  return [hasMoved ? change : { ...change, recompute: "none" }];
}

/** The versions that moved and did not follow from what the manifest says that they are made of, each with its name. */
function foreignVersions(before: Manifest, project: ProjectPair): string[] {
  return [...foreignFieldVersions(before, project), ...foreignFeatureVersions(project)];
}

/** Those of features that moved though all of their fields are the same under the same versions. */
function foreignFeatureVersions({ features }: ProjectPair): string[] {
  return [...features.values()].filter(isKept).flatMap(({ key, before, after, fields }) => {
    const isOwn =
      before.featureVersion === after.featureVersion ||
      fields.some((field) => field.before?.version !== field.after?.version);
    return isOwn ? [] : [`${key} ${before.featureVersion}`];
  });
}

function foreignFieldVersions(before: Manifest, project: ProjectPair): string[] {
  return [...project.fields.values()].filter(isMoved).flatMap(({ formerName, before: field }) => {
    const parents = field.parents
      .map((parent) => project.fields.get(parent))
      .sort((a, b) => compareText(a?.formerName ?? "", b?.formerName ?? ""))
      .map((parent) => parent?.before?.version ?? "");
    const text = formerName + field.codeVersion + parents.join("");
    const isOwn = sha256(text).slice(0, before.hashLength) === field.version;
    return isOwn ? [] : [`${formerName} ${field.version}`];
  });
}
