/**
 * The command that prints a text and nothing else, in any POSIX shell. Characters that a terminal would not show as
 * they are stand as octal escapes of their bytes.
 */
export function printfCommand(text: string): string {
  if (!unprintable.test(text)) return `printf %s ${quoted(text)}`;
  const escaped = [...text.replaceAll("\\", "\\\\")].map((character) =>
    unprintable.test(character) ? octalBytes(character) : character,
  );
  return `printf %b ${quoted(escaped.join(""))}`;
}

/** Controls, characters without a shape, and those that turn the direction of writing or end a line. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/u;

function octalBytes(character: string): string {
  const bytes = [...new TextEncoder().encode(character)];
  return bytes.map((byte) => `\\0${byte.toString(8).padStart(3, "0")}`).join("");
}

/** Within single quotes all but the quote itself stands for itself. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
