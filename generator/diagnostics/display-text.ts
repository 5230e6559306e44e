let segmenter: Intl.Segmenter | undefined;

/** East Asian wide and fullwidth characters; emoji apart. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]/u;

/** Characters of one cell each, whatever stands beside them. */
const plain = /^[ -~·…←→]*$/;

/** How many cells of a terminal a text takes. */
export function displayWidth(text: string): number {
  if (plain.test(text)) return text.length;
  // Made when it is wanted: that takes 20 ms.
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += widthOf(segment);
  return width;
}

function widthOf(grapheme: string): number {
  if (/\p{Emoji_Presentation}|\ufe0f/u.test(grapheme) || wide.test(grapheme)) return 2;
  return /^[\p{M}\p{Cf}]+$/u.test(grapheme) ? 0 : 1;
}

/** Characters that move the cursor, end a line, or turn the direction of writing; and halves of characters. */
const unshowable = /[\p{Cc}\p{Bidi_Control}\u2028\u2029\p{Surrogate}]/gu;

/** A source line as a terminal can show it. Every UTF-16 unit stays one, so that columns still count. */
export function showableLine(line: string): string {
  return line.replaceAll("\t", " ").replace(unshowable, "\ufffd");
}

/** A sentence as a terminal can show it. */
export function showableSentence(sentence: string): string {
  return sentence.replace(
    unshowable,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
