import type { Change, FeatureDiff, VersionDiff } from "../../diff/index.ts";
import { describeAllRows, hasWork } from "../describe-rows.ts";
import { describeSteps, maxRunNames } from "../describe-steps.ts";
import { describeTotals } from "../describe-totals.ts";
import { displayStatus, displayStatuses, mostDirectFirst, statusDisplays } from "../display-status.ts";
import type { LocationLink } from "../locations.ts";
import { renderMermaid } from "../mermaid/render-mermaid.ts";
import { count, digits, listNames } from "../names.ts";
import {
  changedFeature,
  changeLine,
  item,
  nameItems,
  presenceLine,
  unchangedFeatures,
} from "./feature-items.ts";
import { fitSections, type Item, type Section } from "./fit-sections.ts";
import { code, locationText, plain } from "./markdown-text.ts";
import { templates } from "./templates.ts";

/** How the Markdown of a diff looks. */
export interface MarkdownOptions {
  /** The most characters; 65,000 if absent, slightly less than a comment on GitHub holds. */
  readonly limit?: number;
  /** The base, in words: `against main (merge base 3f2c1ab)`. */
  readonly base?: string;
  /** Returns the address of a location in a spec. */
  readonly linkTo?: LocationLink;
}

/**
 * Renders a diff as Markdown for a pull request: first what every reviewer must know, then each feature in a fold.
 *
 * It has at most `limit` characters. What does not fit is counted, the least direct first. Texts that users wrote, such as
 * code versions and reasons, cannot break the page, and mention or link nothing.
 *
 * @example
 * ```ts
 * renderMarkdown(diff, { base: "against main (merge base 3f2c1ab)" });
 * ```
 */
export function renderMarkdown(diff: VersionDiff, options: MarkdownOptions = {}): string {
  const { limit = 65_000, base, linkTo } = options;
  const page = (body: string): string => {
    const text = templates.page({
      base: base === undefined ? undefined : plain(base),
      fallback: diff.baseFallback === undefined ? undefined : plain(diff.baseFallback),
      totals: describeTotals(diff),
      body,
    });
    return `${text.replaceAll(/\n{3,}/g, "\n\n").trimEnd()}\n`;
  };
  const changed = mostDirectFirst(diff.features);
  const sections = [
    summary(diff, linkTo),
    ...findings(changed),
    ...graph(diff, changed, limit),
    ...groups(diff, changed, linkTo),
    ...metadataOnly(diff, linkTo),
    ...unchanged(diff),
    ...runOrder(diff),
  ];
  // The page ends its first part with an empty line, which it loses without a body.
  const frameLength = page("").length + 1;
  if (frameLength > limit) return "";
  return page(fitSections(sections, limit - frameLength));
}

/** The most names in a sentence. The run order is listed in full below. */
const maxNames = 5;

/** More lines would leave no space for the features. */
const maxSummary = 30;

/** What every reviewer must know. */
function summary(diff: VersionDiff, linkTo: LocationLink | undefined): Section {
  const lines = [
    ...diff.causes.map((cause) => changeLine(cause, { linkTo })),
    ...(diff.before === undefined ? [] : describeTypes(diff)),
    ...describeAllRows(diff, code),
    ...describeSteps(diff, code, maxNames),
  ];
  return list({ items: lines.slice(0, maxSummary).map(item), total: lines.length });
}

function describeTypes({ features }: VersionDiff): string[] {
  const breaking = features.filter(({ types }) => types === "breaking");
  const keys = breaking.map(({ key }) => key);
  if (keys.length > 0) {
    const isAccepted = breaking.every(({ changes }) => changes.filter(breaks).every((c) => c.acknowledged));
    const icon = isAccepted ? "☑️" : "❌";
    return [
      `${icon} **TypeScript users break**: ${listNames(keys, code)}${isAccepted ? " (acknowledged)" : ""}`,
    ];
  }
  if (features.every(({ status }) => status === "unchanged")) return [];
  const isExtended = features.some(({ types }) => types === "additive");
  return [`✅ TypeScript users do not break: ${isExtended ? "types are only extended" : "no type changes"}`];
}

function breaks({ types }: Change): boolean {
  return types === "breaking";
}

/** The errors and warnings of features, acknowledged ones last. */
function findings(changed: readonly FeatureDiff[]): Section[] {
  const all = changed.flatMap(({ key, changes }) => changes.map((change) => ({ key, change })));
  const notable = all.filter(({ change }) => change.severity !== "info");
  const unacknowledged = notable.filter(({ change }) => !change.acknowledged);
  const errors = unacknowledged.filter(({ change }) => change.severity === "error");
  const warnings = unacknowledged.filter(({ change }) => change.severity === "warning");
  const acknowledged = notable.filter(({ change }) => change.acknowledged);
  const reported = [...errors, ...warnings, ...acknowledged];
  if (reported.length === 0) return [];
  const heading = [
    ...(errors.length === 0 ? [] : [count(errors.length, "error")]),
    ...(warnings.length === 0 ? [] : [count(warnings.length, "warning")]),
    ...(acknowledged.length === 0 ? [] : [`${digits(acknowledged.length)} acknowledged`]),
  ].join(", ");
  const items = reported
    .slice(0, maxFindings)
    .map(({ key, change }) => item(changeLine(change, { feature: key, hasLocation: false })));
  return [list({ heading, items, total: reported.length })];
}

const maxFindings = 20;

/** A large graph is folded, so that readers need not scroll past it. */
function graph(diff: VersionDiff, changed: readonly FeatureDiff[], limit: number): Section[] {
  if (changed.length === 0) return [];
  const mermaid = renderMermaid(diff, { limit: Math.min(limit / 4, 16_000), nodes: 60 });
  const isLarge = mermaid.split("\n").filter((line) => line.includes('["')).length > 12;
  const render = (items: readonly string[]): string =>
    templates.section({
      heading: undefined,
      summary: isLarge ? "Graph" : undefined,
      items,
      omitted: 0,
      command: inText,
    });
  const drawing: Item = { forms: [`\`\`\`mermaid\n${mermaid}\`\`\``], count: 1 };
  return [{ items: [drawing], total: 1, ifEmpty: "", render: ({ items }) => render(items) }];
}

/** The changed features by status: added and removed ones in a line, the others in folds. */
function groups(
  diff: VersionDiff,
  changed: readonly FeatureDiff[],
  linkTo: LocationLink | undefined,
): Section[] {
  return displayStatuses.flatMap((status) => {
    const features = changed.filter((feature) => displayStatus(feature, diff) === status);
    if (features.length === 0 || status === "metadataOnly" || status === "unchanged") return [];
    const isFew = status === "direct" && features.length <= 2;
    const items = features.map((feature) =>
      status === "added" || status === "removed"
        ? presenceLine(feature, linkTo)
        : changedFeature(feature, { isOpen: isFew && !hasNotableChange(feature), linkTo }),
    );
    return [list({ heading: `${statusDisplays[status].title} (${digits(features.length)})`, items })];
  });
}

/** Whether the top of the page reports most changes of a feature. */
function hasNotableChange({ changes }: FeatureDiff): boolean {
  return changes.some(({ severity }) => severity !== "info");
}

function metadataOnly({ features }: VersionDiff, linkTo: LocationLink | undefined): Section[] {
  const affected = features.filter(({ status }) => status === "metadataOnly");
  const items = affected.map(({ key, changes: [change] }) => {
    const location = change?.at === undefined ? "" : ` · ${locationText(change.at, linkTo)}`;
    return item(code(key) + location);
  });
  if (items.length === 0) return [];
  const { title } = statusDisplays.metadataOnly;
  return [fold({ title: `${title}: no version changed`, items, total: items.length, command: inText })];
}

function unchanged({ features }: VersionDiff): Section[] {
  const kept = features.filter(({ status }) => status === "unchanged");
  if (kept.length === 0 || (kept.length === features.length && !kept.some(hasWork))) return [];
  const { title } = statusDisplays.unchanged;
  return [fold({ title, items: unchangedFeatures(kept), total: kept.length, command: inJson })];
}

/** In full where the sentence at the top is truncated. */
function runOrder({ runOrder: keys }: VersionDiff): Section[] {
  if (keys.length <= maxRunNames) return [];
  return [fold({ title: "Run order", items: nameItems(keys), total: keys.length, command: inJson })];
}

interface ListFacts {
  readonly heading?: string;
  readonly items: readonly Item[];
  readonly total?: number;
}

function list({ heading, items, total = items.length }: ListFacts): Section {
  return {
    items,
    total,
    render: (fitted) => templates.section({ heading, summary: undefined, ...fitted, command: inText }),
  };
}

interface FoldFacts {
  readonly title: string;
  readonly items: readonly Item[];
  readonly total: number;
  readonly command: string;
}

/** A fold; where no item fits, a line that names the command. */
function fold({ title, items, total, command }: FoldFacts): Section {
  const summary = `${title} (${digits(total)})`;
  return {
    items,
    total,
    render: (fitted) => templates.section({ heading: undefined, summary, ...fitted, command }),
    ifEmpty: `${summary}: \`${command}\` prints all\n\n`,
  };
}

/** The terminal lists changed features; only JSON has unchanged features and long lists in full. */
const inText = "npx stemma diff";
const inJson = "npx stemma diff --format json";
