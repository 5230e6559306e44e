import { printName, printSql, printString } from "./print-string.ts";

/** Plain data that a module holds: scalars, SQL, and lists and objects of such. */
export type Value = string | number | boolean | null | object;

/** SQL, printed with each of its lines on a line of its own. */
export class SqlText {
  readonly sql: string;

  constructor(sql: string) {
    this.sql = sql;
  }
}

/** Lines are no longer than this where they can be broken. */
export const lineWidth = 110;

/**
 * Prints data as an object literal. What fits stays on one line, except objects down to `spread` levels.
 *
 * `lead` is the width of what precedes the value on its line.
 */
export function printValue(value: Value, spread: number, indent = "", lead = 0): string {
  if (value instanceof SqlText) return printSql(value.sql, `${indent}  `);
  if (typeof value === "string") return printString(value);
  if (typeof value !== "object" || value === null) return String(value);
  const line = spread > 0 && !isList(value) ? undefined : onOneLine(value);
  if (line !== undefined && lead + line.length < lineWidth) return line;
  return isList(value) ? printList(value, indent) : printObject(value, spread, indent);
}

function printObject(value: object, spread: number, indent: string): string {
  const inner = `${indent}  `;
  const members = membersOf(value).map(([name, member]) => {
    const start = `${inner}${printKey(name)}: `;
    return `${start}${printValue(member, spread - 1, inner, start.length)},\n`;
  });
  return `{\n${members.join("")}${indent}}`;
}

function printList(items: readonly Value[], indent: string): string {
  const inner = `${indent}  `;
  const lines = items.map((item) => `${inner}${printValue(item, 0, inner, inner.length)},\n`);
  return `[\n${lines.join("")}${indent}]`;
}

function onOneLine(value: Value): string | undefined {
  if (value instanceof SqlText) return undefined;
  if (typeof value !== "object" || value === null) return printValue(value, 0);
  const list = isList(value);
  const parts: string[] = [];
  for (const [name, member] of membersOf(value)) {
    const line = onOneLine(member);
    if (line === undefined) return undefined;
    parts.push(list ? line : `${printKey(name)}: ${line}`);
  }
  if (parts.length === 0) return list ? "[]" : "{}";
  return list ? `[${parts.join(", ")}]` : `{ ${parts.join(", ")} }`;
}

/** In an object literal, a plain `__proto__` would set the prototype. */
function printKey(name: string): string {
  return name === "__proto__" ? `["__proto__"]` : printName(name);
}

function membersOf(value: object): readonly (readonly [string, Value])[] {
  return Object.entries(value as Readonly<Record<string, Value>>);
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}
