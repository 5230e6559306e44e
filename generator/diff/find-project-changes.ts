import type { Manifest } from "../manifest/manifest.ts";
import { sha256 } from "../sha256.ts";
import { judgeProjectChange } from "./changes/judge-change.ts";
import { isMoved, type ProjectPair } from "./project-pair.ts";
import type { ProjectChange } from "./version-diff.ts";

/** What moved versions all over the project at once. */
export function findProjectChanges(before: Manifest, after: Manifest, project: ProjectPair): ProjectChange[] {
  const [from, to] = [keptOfHash(before), keptOfHash(after)];
  return [
    ...(from === to
      ? []
      : [
          judgeProjectChange({
            rule: "hash-length",
            from: `${before.hashLength}`,
            to: `${after.hashLength}`,
          }),
        ]),
    ...judgeForeign(foreignVersions(before, project)),
  ];
}

/** A whole hash has 64 characters: keeping more keeps the same. */
function keptOfHash({ hashLength }: Manifest): number {
  return Math.min(hashLength, 64);
}

/** One manifest that is wrong is one change; another one, wrong elsewhere, is another. */
function judgeForeign(versions: readonly string[]): ProjectChange[] {
  return versions.length === 0
    ? []
    : [judgeProjectChange({ rule: "formula", evidence: versions.toSorted().join(" ") })];
}

/** The versions that moved and did not follow from what the manifest says that they are made of, each with its field. */
function foreignVersions(before: Manifest, project: ProjectPair): string[] {
  return [...project.fields.values()].filter(isMoved).flatMap(({ fullName, before: field }) => {
    const parents = field.parents.map((parent) => project.fields.get(parent)?.before?.version ?? "");
    const text = fullName + field.codeVersion + parents.join("");
    const isOwn = sha256(text).slice(0, before.hashLength) === field.version;
    return isOwn ? [] : [`${fullName} ${field.version}`];
  });
}
