import ts from "typescript";
import { describe, expect, it } from "vitest";
import { importsOf } from "./imports-of.ts";
import { sourceFiles, textOf } from "./source-files.ts";

/** SQL that not every engine reads: the algorithm takes it from the dialect of its session. */
const engineOnly =
  /\browid\b|\bQUALIFY\b|\b(?:SEMI|ANTI) JOIN\b|\bTEMP (?:TABLE|VIEW|MACRO)\b|\bBY NAME\b|\bEXCLUDE\b|\b(?:struct_pack|list_filter|arg_max|any_value|bool_or|bool_and|make_timestamptz|epoch_us|isfinite|concat_ws|md5|hash)\(|::[A-Z]|:= /;

const algorithm = sourceFiles("runtime/engine");

describe("the algorithm", () => {
  it("spells no SQL of one engine", () => {
    expect(algorithm.flatMap((file) => engineSqlIn(file, textOf(file)))).toEqual([]);
  });

  it("imports no engine's dialect", () => {
    const imports = algorithm.flatMap((file) => importsOf(file, textOf(file)));
    const named = imports.filter(({ target }) => /^runtime\/dialect\/(?:duckdb|dialects\b)/.test(target));
    expect(named.map(({ file, line, target }) => `${file}:${line} imports ${target}`)).toEqual([]);
  });

  it.each([
    ["const a = `SELECT max(rowid) FROM b`;", ["rowid"]],
    [`const a = \`FROM $\{b} QUALIFY c = 1\`;`, ["QUALIFY"]],
    ['const a = "SEMI JOIN b ON c::VARCHAR";', ["SEMI JOIN", "::V"]],
    ["// rowid\nconst rowid = dialect.log.column;", []],
    ["const a = `SELECT coalesce(a, b) FROM b INNER JOIN c USING (id)`;", []],
  ])("is judged: %s", (text, words) => {
    expect(engineSqlIn("a.ts", text)).toEqual(words.map((word) => expect.stringContaining(word)));
  });
});

describe("the runtime", () => {
  it("asks the plan's traits, and not the kind of a lineage", () => {
    const kinds = sourceFiles("runtime").filter((file) => /lineage\.type\b/.test(textOf(file)));
    expect(kinds).toEqual([]);
  });
});

/** SQL of one engine in the strings of a file, with its lines. */
function engineSqlIn(file: string, text: string): readonly string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      for (const [word] of node.text.matchAll(new RegExp(engineOnly, "g"))) {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart());
        found.push(`${file}:${line + 1} spells ${word}`);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
