import { textDecoder } from "@duckdb/node-api/lib/vectors/dataAccessors.js";

/**
 * The driver decodes every text with one `TextDecoder`, which takes a leading U+FEFF for a mark of the encoding and drops
 * it (@duckdb/node-api 1.5.6-r.1): a stored text would be read as another one, and an id would not be found again.
 */
export function keepByteOrderMarks(): void {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  textDecoder.decode = decoder.decode.bind(decoder);
}
