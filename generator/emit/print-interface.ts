import { docComment } from "./doc-comment.ts";
import { printName } from "./print-string.ts";
import { lineWidth } from "./print-value.ts";

/** A member of an interface. */
export interface Member {
  readonly name: string;
  /** TypeScript. Its lines after the first are indented as they stand in the interface. */
  readonly type: string;
  readonly doc: readonly string[];
}

/** Prints an exported interface of readonly members. */
export function printInterface(name: string, doc: string | undefined, members: readonly Member[]): string {
  const lines = members.flatMap((member) => [
    ...member.doc,
    `readonly ${printName(member.name)}:${separator(member.type)}${member.type};`,
  ]);
  const body = lines.map((line) => `  ${line}\n`).join("");
  return [...docComment(doc), `export interface ${name} {\n${body}}`].join("\n");
}

/** Prints a union: on one line where it fits behind `lead` characters, else one alternative a line. */
export function printUnion(alternatives: readonly string[], lead: number): string {
  if (alternatives.length === 0) return "never";
  const line = alternatives.join(" | ");
  if (alternatives.length === 1 || lead + line.length < lineWidth) return line;
  return alternatives.map((alternative) => `\n    | ${alternative}`).join("");
}

/** A union over several lines begins on a line of its own. */
function separator(type: string): string {
  return type.startsWith("\n") ? "" : " ";
}
