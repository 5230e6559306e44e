import { InputError } from "../../errors.ts";

/** What may stand in SQL and hold a semicolon, blanks, and else any one character. */
const token =
  /(?<quoted>(?<!\w)[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(?<tag>\w*)\$[\s\S]*?\$\k<tag>\$)|(?<blank>\s+|--[^\n]*|\/\*[\s\S]*?\*\/)|[\s\S]/gy;

/** A query without the semicolon at its end, as people write it. Refuses several statements. */
export function singleQuery(sql: string, feature: string): string {
  let end: number | undefined;
  for (const match of sql.matchAll(token)) {
    const [text] = match;
    if (text === ";") {
      end ??= match.index;
    } else if (end !== undefined && match.groups?.["blank"] === undefined) {
      throw new InputError(
        "wrong-sql",
        `The SQL that should give rows of ${feature} has several statements. Pass one query; run the others before.`,
        { feature, sql },
      );
    }
  }
  return sql.slice(0, end);
}
