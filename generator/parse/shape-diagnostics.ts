import { type Diagnostic, report } from "../diagnostics/diagnostic.ts";
import { suggest } from "../diagnostics/suggest.ts";
import type { JsonDocument, JsonPath } from "../source/json-document.ts";
import { keyProblem, similarKey } from "./key-problem.ts";
import { homeOf } from "./keyword-homes.ts";
import type { MetaSchemaNode } from "./meta-schema.ts";
import { rewrittenAs } from "./rewritten-as.ts";
import type { ShapeError } from "./validate-shape.ts";

/** Our words for an error of ajv at a path of a document; its own text is never shown. */
export function* shapeDiagnostics(
  error: ShapeError,
  document: JsonDocument,
  path: JsonPath,
): Iterable<Diagnostic> {
  const at = document.locate(path);
  const subject = subjectOf(path);
  const { keyword, params, data: value } = error;
  switch (keyword) {
    case "additionalProperties":
      return yield unknownKeyword(error, document, path);
    case "required": {
      const name = String(params["missingProperty"]);
      return yield report("missing-keyword", at, { name, subject, example: exampleOf(error, name) });
    }
    case "type": {
      const expected = [params["type"]].flat().map(String);
      return yield report("wrong-type", at, {
        subject,
        expected,
        value,
        rewritten: rewrittenAs(value, expected),
      });
    }
    case "const":
      if (params["allowedValue"] === false)
        return yield report("open-row", document.locateKey(path), { value });
      return yield wrongValue([params["allowedValue"]], value, document, path);
    case "enum":
      return yield wrongValue(params["allowedValues"] as readonly unknown[], value, document, path);
    case "pattern": {
      const key = String(value);
      const problem = keyProblem(key) ?? "it does not follow the rules of keys";
      return yield report("bad-key", at, { key, problem, suggestion: similarKey(key) });
    }
    case "minItems":
      return yield report("empty-list", at, { subject, name: String(path.at(-1)) });
    case "minLength":
      return yield report("empty-name", at, { subject });
    case "uniqueItems":
      return yield* duplicates(value as readonly unknown[], document, path);
    case "minimum":
      return yield report("number-out-of-range", at, {
        subject,
        value,
        range: `at least ${params["limit"]}`,
      });
    case "exclusiveMinimum":
      return yield report("number-out-of-range", at, {
        subject,
        value,
        range: `greater than ${params["limit"]}`,
      });
    default:
      throw new Error(`The meta-schema has a keyword that is not worded: ${keyword}`);
  }
}

/** How a sentence speaks of the value at a path. */
function subjectOf(path: JsonPath): string {
  const last = path.at(-1);
  if (last === undefined) return "the spec";
  const name = path.findLast((step) => !/^\d+$/.test(String(step)));
  return name === last ? `"${name}"` : `an item of "${name}"`;
}

function unknownKeyword(error: ShapeError, document: JsonDocument, path: JsonPath): Diagnostic {
  const name = String(error.params["additionalProperty"]);
  const known = Object.keys((error.parentSchema as MetaSchemaNode | undefined)?.properties ?? {});
  const home = homeOf(name);
  const suggestion = home === undefined ? suggest(name, known) : undefined;
  const subject = subjectOf(path);
  return report("unknown-keyword", document.locateKey([...path, name]), {
    name,
    subject,
    suggestion,
    home,
    known,
  });
}

function exampleOf(error: ShapeError, name: string): unknown {
  const schema = (error.parentSchema as MetaSchemaNode | undefined)?.properties?.[name];
  return schema?.examples?.[0] ?? schema?.const;
}

function wrongValue(
  allowed: readonly unknown[],
  value: unknown,
  document: JsonDocument,
  path: JsonPath,
): Diagnostic {
  const suggestion = typeof value === "string" ? suggest(value, allowed.map(String)) : undefined;
  return report("wrong-value", document.locate(path), {
    subject: subjectOf(path),
    value,
    allowed,
    suggestion,
  });
}

function* duplicates(
  items: readonly unknown[],
  document: JsonDocument,
  path: JsonPath,
): Iterable<Diagnostic> {
  const seen = new Set<string>();
  for (const [index, value] of items.entries()) {
    const text = JSON.stringify(value);
    if (seen.has(text)) {
      yield report("duplicate-item", document.locate([...path, index]), { subject: subjectOf(path), value });
    }
    seen.add(text);
  }
}
