import type { Manifest } from "../manifest/manifest.ts";
import { sha256 } from "../sha256.ts";
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
    ...(hasForeignVersion(before, project) ? [judgeFormula(project)] : []),
  ];
}

function placed(change: ProjectChange, at: Place | undefined): ProjectChange {
  return at === undefined ? change : { ...change, at: { file: at.file, line: at.line, column: at.column } };
}

/** A whole hash has 64 characters: keeping more keeps the same. */
function keptOfHash({ hashLength }: Manifest): number {
  return Math.min(hashLength, 64);
}

/** Rows are stored under the versions of features: where none of those moved, they count as before. */
function judgeFormula({ features }: ProjectPair): ProjectChange {
  const change = judgeProjectChange({ rule: "formula" });
  const hasMoved = [...features.values()]
    .filter(isKept)
    .some(({ before, after }) => before.featureVersion !== after.featureVersion);
  return hasMoved ? change : { ...change, recompute: "none" };
}

/** Whether a version that moved did not follow from what the manifest says that it is made of. */
function hasForeignVersion(before: Manifest, project: ProjectPair): boolean {
  return hasForeignFieldVersion(before, project) || hasForeignFeatureVersion(project);
}

/** Whether a feature moved all of whose fields are the same under the same versions. */
function hasForeignFeatureVersion({ features }: ProjectPair): boolean {
  return [...features.values()].some(
    ({ before, after, fields }) =>
      before !== undefined &&
      after !== undefined &&
      before.featureVersion !== after.featureVersion &&
      fields.every((field) => field.before?.version === field.after?.version),
  );
}

function hasForeignFieldVersion(before: Manifest, project: ProjectPair): boolean {
  return [...project.fields.values()].filter(isMoved).some(({ fullName, before: field }) => {
    const parents = field.parents.map((parent) => project.fields.get(parent)?.before?.version ?? "");
    const text = fullName + field.codeVersion + parents.join("");
    return sha256(text).slice(0, before.hashLength) !== field.version;
  });
}
