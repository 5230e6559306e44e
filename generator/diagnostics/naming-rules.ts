import type { DiagnosticRules } from "./diagnostic-rule.ts";
import { formatLocation, type Location } from "./location.ts";
import { quoteValue } from "./quote-value.ts";

interface ExportFacts {
  readonly name: string;
  readonly key: string;
  readonly title: string | undefined;
}

/** Facts of diagnostics about the names of features and fields. */
export interface NamingFacts {
  "feature-key-duplicate": { readonly key: string; readonly other: Location };
  "feature-key-reserved": { readonly key: string; readonly table: string };
  "feature-table-collision": {
    readonly key: string;
    readonly table: string;
    readonly otherKey: string;
    readonly other: Location;
  };
  "field-member-collision": { readonly field: string; readonly other: string; readonly member: string };
  "export-name-invalid": ExportFacts;
  "export-name-reserved": ExportFacts;
  "export-name-collision": ExportFacts & {
    readonly symbol: string;
    readonly otherKey: string;
    readonly other: Location;
  };
  "module-path-reserved": { readonly module: string };
  "module-path-collision": { readonly module: string; readonly other: string };
}

export const namingRules: DiagnosticRules<NamingFacts> = {
  "feature-key-duplicate": {
    severity: "error",
    message: ({ key, other }) =>
      `The feature key ${quoteValue(key)} is declared twice: also at ${formatLocation(other)}.`,
    hint: () => "Give one of the two another key.",
  },
  "feature-key-reserved": {
    severity: "error",
    message: ({ key, table }) =>
      `The feature key ${quoteValue(key)} is reserved: tables such as ${quoteValue(table)} belong to the store itself.`,
    hint: () => "Start the key with another word.",
  },
  "feature-table-collision": {
    severity: "error",
    message: ({ key, table, otherKey, other }) =>
      `The feature ${quoteValue(key)} would share the table ${quoteValue(table)} with ${quoteValue(otherKey)} (${formatLocation(other)}).`,
    hint: () => 'Give one of the two another key: in table names "-" becomes "_", and "/" becomes "__".',
  },
  "field-member-collision": {
    severity: "error",
    message: ({ field, other, member }) =>
      `The field ${quoteValue(field)} would share the struct member ${quoteValue(member)} with the field ${quoteValue(other)}.`,
    hint: () => 'Give one of the two another key: in struct members "/" becomes "_".',
  },
  "export-name-invalid": {
    severity: "error",
    message: ({ title, key, name }) =>
      `The ${title === undefined ? `key ${quoteValue(key)}` : `title ${quoteValue(title)}`} can't become the name of an export: ` +
      `${name === "" ? "it has no letters" : `${quoteValue(name)} does not start with a letter`}.`,
    hint: () => 'Give the feature a "title" that starts with a letter: its words form the name.',
  },
  "export-name-reserved": {
    severity: "error",
    message: ({ name }) =>
      `The name ${quoteValue(name)} is reserved: every generated module imports a type of this name.`,
    hint: () => 'Give the feature another "title": its words form the name.',
  },
  "export-name-collision": {
    severity: "error",
    message: ({ key, symbol, otherKey, other }) =>
      `The features ${quoteValue(key)} and ${quoteValue(otherKey)} (${formatLocation(other)}) would both export ${quoteValue(symbol)}.`,
    hint: ({ name }) =>
      `Give one of the two another "title": a feature named ${quoteValue(name)} exports ${quoteValue(name)}, "${name}Row", "${name}Input" and "${name}Types".`,
  },
  "module-path-reserved": {
    severity: "error",
    message: ({ module }) => `The spec's file can't have this name: the module would be "${module}.ts".`,
    hint: () =>
      'Rename the file: "index" at the top, an empty name, a name that ends in ".d", and the characters #, ?, % and \\ are not allowed.',
  },
  "module-path-collision": {
    severity: "error",
    message: ({ module, other }) => `The module "${module}.ts" would overwrite that of ${other}.`,
    hint: () => "Rename one of the two files: names that differ only in case are one file on some systems.",
  },
};
