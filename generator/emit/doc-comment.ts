import { escapeHidden } from "./escape-hidden.ts";

/** The lines of a JSDoc comment; none where there is nothing to say. */
export function docComment(text: string | undefined, deprecated = false): readonly string[] {
  const lines = (text ?? "").trim().split(/\r\n|[\n\r\u2028\u2029]/);
  const written = [...lines.map(commentLine), ...(deprecated ? ["@deprecated"] : [])];
  const [first = "", ...more] = written[0] === "" ? written.slice(1) : written;
  if (more.length > 0) return ["/**", ...[first, ...more].map((line) => ` * ${line}`.trimEnd()), " */"];
  return first === "" ? [] : [`/** ${first} */`];
}

function commentLine(line: string): string {
  return escapeHidden(line.trimEnd()).replaceAll("*/", "*\\/");
}
