import { escapeHidden } from "./escape-hidden.ts";

/** Prints a string between double quotes. */
export function quoted(text: string): string {
  return `"${escapeHidden(text.replaceAll("\\", "\\\\").replaceAll('"', '\\"'))}"`;
}

/** Prints a string so that SQL can be read: as a template where it holds quotes, and needs no other escape. */
export function printString(text: string): string {
  return text.includes('"') && !/[`\\]|\$\{/.test(text) ? `\`${inTemplate(text)}\`` : quoted(text);
}

/** Prints the name of a property: quoted where it must be. */
export function printName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}

/**
 * Prints SQL of several lines as a template, each line on its own and indented. The white space around lines is the
 * only difference: a line break inside a quoted name becomes an escape.
 */
export function printSql(sql: string, indent: string): string {
  const lines = sql.replace(sqlToken, (token) => (token === "\n" ? `\n${indent}` : inTemplate(token)));
  return `\`\n${indent}${lines}\``;
}

/** A quoted name, a string, a string with escapes, a line break, or a run of anything else. */
const sqlToken = /"(?:[^"]|"")*"|E'(?:[^\\']|\\.|'')*'|'(?:[^']|'')*'|\n|(?:(?!E')[^"'\n])+|./gs;

function inTemplate(text: string): string {
  return escapeHidden(text.replace(/[`\\]|\$\{/g, "\\$&"));
}
