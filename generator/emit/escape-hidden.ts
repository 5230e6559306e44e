/** Control, format and separator characters, and halves of surrogate pairs: what no reader sees, or no file holds. */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Writes hidden characters as escapes, so that a module shows all that it holds. The result means the same inside a
 * string or a template, and can be read inside a comment.
 */
export function escapeHidden(text: string): string {
  return text.replace(hidden, (character) => short[character] ?? unicodeEscape(character));
}

function unicodeEscape(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
}
