import type { CauseRule } from "../diff/model/rule.ts";
import type { Cause } from "../diff/model/version-diff.ts";
import { initialCodeVersion } from "../parse/parsed-spec.ts";
import { listNames } from "./list-names.ts";

/** Says in one line what moved a field: the way up to the edited field, and the edit. */
export function describeCause(cause: Cause): string {
  const edit = describeEdit(cause);
  const path = upstreamPath(cause);
  return path.length === 0 ? edit : `${path.map((name) => `← ${name}`).join(" ")}: ${edit}`;
}

/** Says in one line what was edited. */
export function describeEdit(cause: Cause): string {
  return editDescriptions[cause.rule](cause);
}

/** The fields from the moved one, which is left out, up to the edited one. */
export function upstreamPath({ path }: Cause): readonly string[] {
  return abbreviate(path.slice(1));
}

/** The next field and the edited one say most of a long way. */
function abbreviate(path: readonly string[]): readonly string[] {
  const [first, last] = [path[0], path.at(-1)];
  if (path.length <= 3 || first === undefined || last === undefined) return path;
  return [first, `… ${path.length - 2} more`, last];
}

const editDescriptions: Readonly<Record<CauseRule, (cause: Cause) => string>> = {
  "code-version": ({ from, to }) => `codeVersion ${codeVersionText(from)} → ${codeVersionText(to)}`,
  "field-lineage": ({ from, to }) => describeParents(names(from), names(to)),
  "dep-added": ({ to }) => `new dep on ${to}`,
  "dep-removed": ({ from }) => `no longer depends on ${from}`,
  "field-added": () => "new field",
  "root-field-added": () => "new field",
  "field-removed": () => "field removed",
  "field-renamed": ({ from }) => `was called ${from}`,
  "feature-removed": () => "feature removed",
  "feature-renamed": ({ from, to }) => `feature ${from} is called ${to} now`,
};

function describeParents(from: readonly string[], to: readonly string[]): string {
  const gained = to.filter((name) => !from.includes(name));
  const lost = from.filter((name) => !to.includes(name));
  if (gained.length + lost.length === 0) return "same parents by another mapping";
  return [
    ...(gained.length === 0 ? [] : [`now reads ${listNames(gained, String, 3)}`]),
    ...(lost.length === 0 ? [] : [`no longer reads ${listNames(lost, String, 3)}`]),
  ].join(", ");
}

function names(joined: string | undefined): string[] {
  return joined === undefined || joined === "" ? [] : joined.split(", ");
}

/** A code version is any text, so it is quoted, and cut where it is long. */
export function codeVersionText(version: string | undefined): string {
  if (version === undefined || version === initialCodeVersion) return "(default)";
  const characters = [...version];
  return JSON.stringify(characters.length <= 24 ? version : `${characters.slice(0, 23).join("")}…`);
}
