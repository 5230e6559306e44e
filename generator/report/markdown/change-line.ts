import type { ChangeSeverity } from "../../diff/model/rule.ts";
import type { Change, Location } from "../../diff/model/version-diff.ts";
import { code, link, plain } from "./markdown-text.ts";

/** Where a place in a spec can be looked at: an address. */
export type LocationLink = (location: Location) => string;

/**
 * A change in one line: how loud it is, what happened, its rule, and the reason for which it is accepted. With the key
 * of its feature where it stands apart from it.
 */
export function changeLine(
  { severity, message, rule, acknowledged, reason }: Change,
  feature?: string,
): string {
  const icon = acknowledged ? "☑️" : icons[severity];
  const accepted = reason === undefined ? "acknowledged" : `acknowledged: ${plain(reason)}`;
  const name = feature === undefined ? "" : `${code(feature)}: `;
  return `${icon} ${name}${plain(message)} ${code(rule)}${acknowledged ? ` (${severity}, ${accepted})` : ""}`;
}

const icons: Readonly<Record<ChangeSeverity, string>> = { error: "❌", warning: "⚠️", info: "ℹ️" };

/** A place as code, and as a link where there is somewhere to look. */
export function locationText(location: Location, linkTo: LocationLink | undefined): string {
  const text = code(`${location.file}:${location.line}:${location.column}`);
  return linkTo === undefined ? text : link(text, linkTo(location));
}
