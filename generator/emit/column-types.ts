import type { compile as compileSchema } from "json-schema-to-typescript";
import { type Memo, noMemo } from "../pipeline/index.ts";
import { escapeHidden } from "./escape-hidden.ts";
import { printName } from "./print-string.ts";
import { type PrintableColumn, printableColumn, type TypedColumn } from "./printable-column.ts";

/** Prints the types of columns, one text each. Lines after the first are indented as in an interface. */
export type PrintTypes = (columns: readonly TypedColumn[]) => Promise<readonly string[]>;

/**
 * Makes a printer of column types, which remembers what it has printed: most columns of a project share few types.
 * It loads json-schema-to-typescript for the first that is not in the cache.
 *
 * json-schema-to-typescript prints the columns that are new as one closed interface, with placeholders for names: a
 * name of a user's may be one that it, or the library that resolves references for it, takes for a keyword.
 */
export function typePrinter(memo: Memo = noMemo): PrintTypes {
  const printed = new Map<string, string>();

  const printAll = async (columns: readonly PrintableColumn[]): Promise<readonly string[]> => {
    const { compile } = await import("json-schema-to-typescript");
    const properties = Object.fromEntries(columns.map(({ schema }, index) => [`c${index}`, schema]));
    const schema = {
      type: "object",
      properties,
      required: Object.keys(properties),
      additionalProperties: false,
    };
    const text = await compile(deepCopy(schema), "Columns", {
      bannerComment: "",
      cwd: "/",
      style: { printWidth, bracketSpacing: true },
    });
    const body = text.slice(text.indexOf("{\n") + 2, text.lastIndexOf("\n}"));
    const types = body.split(/^ {2}c\d+: ?/m).slice(1);
    return columns.map((column, index) => restoreNames(types[index] ?? "", column));
  };

  return async (columns) => {
    const requested = columns.map((column) => {
      const printable = printableColumn(column);
      return { printable, key: JSON.stringify(printable) };
    });
    for (const { key } of requested) {
      const cached = printed.has(key) ? undefined : memo("type", key).text();
      if (cached !== undefined) printed.set(key, cached);
    }
    const missing = new Map(
      requested.filter(({ key }) => !printed.has(key)).map(({ key, printable }) => [key, printable]),
    );
    if (missing.size > 0) {
      const types = await printAll([...missing.values()]);
      for (const [index, key] of [...missing.keys()].entries()) {
        printed.set(key, memo("type", key).store(types[index] ?? ""));
      }
    }
    return requested.map(({ key }) => printed.get(key) ?? "");
  };
}

/** A copy in which no two places hold the same object: json-schema-to-typescript notes the parent in each. */
function deepCopy(schema: object): Parameters<typeof compileSchema>[0] {
  return JSON.parse(JSON.stringify(schema));
}

/** Leaves room for the name and for `readonly`, which precede the type in a module. */
const printWidth = 84;

/** A printed type with the names of its members, and their comments, in place. */
function restoreNames(type: string, { members }: PrintableColumn): string {
  const lines = type.replace(/;\n?$/, "").split("\n");
  const written = lines.flatMap((line) => {
    const [start, indent = "", index = "", colon = ""] = /^( *)m(\d+)(\??: ?)/.exec(line) ?? [];
    const member = members[Number(index)];
    if (start === undefined || member === undefined) return [line];
    const name = `${printName(member.name)}${colon}`;
    return [...member.doc.map((comment) => indent + comment), indent + name + line.slice(start.length)];
  });
  return written.map(escapeHidden).join("\n");
}
