import { createDiagnostic, type Diagnostic, sortDiagnostics } from "../../diagnostics/diagnostic.ts";
import type { SourceSpan } from "../../diagnostics/location.ts";
import { suggest } from "../../diagnostics/suggest.ts";
import type { JsonDocument } from "../../source/json-document.ts";
import { readJsonDocument } from "../../source/read-json-document.ts";
import type { RuleId } from "../rules/rule.ts";
import { isProjectRule, isRuleId, rules } from "../rules/rules.ts";

/** Replaces a reason until somebody writes one. */
export const reasonPlaceholder = "…";

/** An accepted change: an entry of the committed file. */
export interface Acknowledgement {
  /** Identifies the change. Rule and feature are for readers, and must match it. */
  readonly fingerprint: string;
  readonly rule: RuleId;
  /** Key of the feature; absent for a change that concerns every feature. */
  readonly feature?: string;
  /** Why it is accepted. */
  readonly reason: string;
  /** Location of the entry. */
  readonly at: SourceSpan;
}

/** The file of acknowledged changes. */
export interface AcknowledgementsFile {
  readonly path: string;
  /** Its number of entries; undefined where it does not exist. */
  readonly entries: number | undefined;
}

/** The valid entries of a file of acknowledged changes, and what is wrong with the others. */
export interface AcknowledgementsResult {
  readonly acknowledgements: readonly Acknowledgement[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a file of acknowledged changes. An invalid entry acknowledges nothing. */
export function parseAcknowledgements(file: string, text: string): AcknowledgementsResult {
  const { document, diagnostics } = readJsonDocument(file, text);
  if (document === undefined) return { acknowledgements: [], diagnostics };
  const { value } = document;
  if (!Array.isArray(value)) {
    const diagnostic = createDiagnostic("acknowledgements-not-a-list", document.locate([]), { value });
    return { acknowledgements: [], diagnostics: [...diagnostics, diagnostic] };
  }
  const acknowledgements = new Map<string, Acknowledgement>();
  const problems: Diagnostic[] = [...diagnostics];
  for (const [index, entry] of value.entries()) {
    const entryDiagnostics = [...checkEntry(entry, index, document)];
    problems.push(...entryDiagnostics);
    if (entryDiagnostics.length > 0) continue;
    const acknowledgement: Acknowledgement = { ...entry, at: document.locate([index]) };
    const { fingerprint, at } = acknowledgement;
    if (acknowledgements.has(fingerprint))
      problems.push(createDiagnostic("acknowledgement-twice", at, { fingerprint }));
    acknowledgements.set(fingerprint, acknowledgement);
  }
  return { acknowledgements: [...acknowledgements.values()], diagnostics: sortDiagnostics(problems) };
}

function* checkEntry(entry: unknown, index: number, document: JsonDocument): Iterable<Diagnostic> {
  if (!isRecord(entry)) {
    yield createDiagnostic("acknowledgement-not-an-object", document.locate([index]), { value: entry });
    return;
  }
  const known = Object.keys(expected);
  for (const property of Object.keys(entry).filter((name) => !known.includes(name))) {
    const facts = { property, known, suggestion: suggest(property, known) };
    yield createDiagnostic("acknowledgement-unknown-property", document.locateKey([index, property]), facts);
  }
  for (const [property, { accepts, description }] of Object.entries(expected)) {
    const value = entry[property];
    if (accepts(value, entry)) continue;
    const facts = { property, expected: description, value };
    yield createDiagnostic("acknowledgement-invalid", document.locate([index, property]), facts);
  }
  const { rule } = entry;
  if (typeof rule === "string" && !isRuleId(rule)) {
    const suggestion = suggest(rule, Object.keys(rules));
    yield createDiagnostic("acknowledgement-unknown-rule", document.locate([index, "rule"]), {
      rule,
      suggestion,
    });
  }
}

interface PropertyRule {
  readonly description: string;
  accepts(value: unknown, entry: JsonRecord): boolean;
}

const expected: Readonly<Record<keyof Omit<Acknowledgement, "at">, PropertyRule>> = {
  fingerprint: {
    description: "the sixteen hexadecimal digits that `stemma diff` prints",
    accepts: (value) => typeof value === "string" && /^[0-9a-f]{16}$/.test(value),
  },
  rule: { description: "the id of a rule", accepts: (value) => typeof value === "string" },
  feature: {
    description: "the key of a feature",
    accepts: (value, { rule }) =>
      typeof value === "string" || (value === undefined && typeof rule === "string" && isProjectRule(rule)),
  },
  reason: {
    description: "a string that says why the change is accepted",
    accepts: (value) => typeof value === "string" && !["", reasonPlaceholder].includes(value.trim()),
  },
};

type JsonRecord = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
