/** A text of others on one line, cut after so many characters, with nothing in it that cannot be seen. */
export function oneLine(value: string, length: number): string {
  return clip(value, length)
    .replaceAll(/\r?\n|\t/g, " ")
    .replaceAll(unseen, "\ufffd");
}

/** Control characters, halves of characters, and those that turn text around, so that it reads otherwise than it is. */
const unseen = /[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029]/gu;

function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  const characters = [...text.slice(0, 2 * length + 2)];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join("")}…`;
}
