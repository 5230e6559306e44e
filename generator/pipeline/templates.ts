import { createRequire } from "node:module";
import { compiledTemplates } from "./compiled-templates.ts";

/** A template as Handlebars compiles it. */
export type TemplateSpecification = Parameters<Runtime["template"]>[0];

type Runtime = Pick<typeof import("handlebars"), "template">;

/**
 * Renders a template of this package by its path below `generator/`, without `.hbs`. A fact that the template uses and
 * that is missing is a bug, and throws.
 *
 * @example
 * ```ts
 * renderTemplate("scaffold/templates/package.json", facts);
 * ```
 */
export function renderTemplate(path: string, facts: object): string {
  const template = rendered.get(path) ?? compile(path);
  rendered.set(path, template);
  return template(facts);
}

const rendered = new Map<string, (facts: object) => string>();

function compile(path: string): (facts: object) => string {
  const compiled = compiledTemplates[path];
  if (compiled === undefined) throw new Error(`There is no template ${path}.`);
  return runtime().template<object>(compiled);
}

/** Its build in one file, which loads faster than its modules. */
function runtime(): Runtime {
  return createRequire(import.meta.url)("handlebars/dist/handlebars.runtime.min.js");
}
