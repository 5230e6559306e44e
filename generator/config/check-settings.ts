import { createRequire } from "node:module";
import type { Ajv2020, ErrorObject } from "ajv/dist/2020.js";
import { type Diagnostic, report } from "../diagnostics/diagnostic.ts";
import { suggest } from "../diagnostics/suggest.ts";
import type { JsonDocument, JsonPath } from "../source/json-document.ts";
import { defaultConfig, type ProjectConfig } from "./project-config.ts";

/** Where settings stand: a whole file, or a part of one. */
export interface SettingsPlace {
  readonly document: JsonDocument;
  readonly path: JsonPath;
}

/** Settings as far as they are given and right. */
export interface CheckedSettings {
  readonly settings: Partial<ProjectConfig>;
  readonly diagnostics: readonly Diagnostic[];
}

/** What each setting must be; the published schema says the same to machines. */
const wanted: Readonly<Record<string, string>> = {
  $schema: "a text",
  project: "a text that is not empty",
  schemas: "a folder inside of the project, relative to it and with /",
  generated: "a folder inside of the project, relative to it and with /",
  hashLength: "an integer of at least 8",
  importExtension: '".js", ".ts" or ""',
};

/** Checks settings against the published schema, and what a schema can't say. */
export function checkSettings(place: SettingsPlace | undefined): CheckedSettings {
  if (place === undefined) return { settings: {}, diagnostics: [] };
  const value = place.path.reduce<unknown>(
    (parent, step) => (parent as Readonly<Record<string, unknown>>)[step],
    place.document.value,
  );
  const validate = schemaCheck();
  if (!validate(value)) {
    return { settings: {}, diagnostics: explain(validate.errors ?? [], value, place) };
  }
  const settings = plainSettings(value as Partial<ProjectConfig>);
  return { settings, diagnostics: checkFolders(settings, place) };
}

function schemaCheck(): ReturnType<Ajv2020["compile"]> {
  const require = createRequire(import.meta.url);
  const schema: object = require("stemma/config.schema.json");
  // Loaded where there are settings: most projects have none.
  const ajv: typeof import("ajv/dist/2020.js") = require("ajv/dist/2020.js");
  return new ajv.Ajv2020({ allErrors: true, strict: true, verbose: true }).compile(schema);
}

/** One diagnostic for each wrong setting, however many rules it breaks. */
function explain(errors: readonly ErrorObject[], value: unknown, place: SettingsPlace): Diagnostic[] {
  const bySetting = new Map<string, Diagnostic>();
  for (const { instancePath, params, data } of errors) {
    const setting: string | undefined = instancePath.slice(1) || params["additionalProperty"];
    if (setting === undefined) {
      return [report("config-not-an-object", place.document.locate(place.path), { value })];
    }
    bySetting.set(setting, explainSetting(setting, data, place));
  }
  return [...bySetting.values()];
}

function explainSetting(setting: string, value: unknown, { document, path }: SettingsPlace): Diagnostic {
  if (Object.hasOwn(wanted, setting)) {
    const facts = { setting, value, wanted: wanted[setting] ?? "" };
    return report("config-invalid-value", document.locate([...path, setting]), facts);
  }
  const known = Object.keys(wanted).filter((name) => !name.startsWith("$"));
  const facts = { setting, known, suggestion: suggest(setting, known) };
  return report("config-unknown-setting", document.locateKey([...path, setting]), facts);
}

/** Settings without `$schema`, and folders without `./` before and `/` behind. */
function plainSettings({
  $schema: _,
  ...value
}: Partial<ProjectConfig> & { $schema?: string }): Partial<ProjectConfig> {
  const { schemas, generated, ...others } = value;
  return {
    ...others,
    ...(schemas === undefined ? {} : { schemas: plainFolder(schemas) }),
    ...(generated === undefined ? {} : { generated: plainFolder(generated) }),
  };
}

function plainFolder(folder: string): string {
  return folder.replace(/^\.\//, "").replace(/\/$/, "");
}

/** The folder of the modules may lie in that of the specs, which then leaves it out, but not the other way round. */
function checkFolders(settings: Partial<ProjectConfig>, { document, path }: SettingsPlace): Diagnostic[] {
  const { schemas, generated } = { ...defaultConfig, ...settings };
  if (!`${schemas}/`.startsWith(`${generated}/`)) return [];
  const setting = settings.generated === undefined ? "schemas" : "generated";
  return [report("config-overlapping-folders", document.locate([...path, setting]), { schemas, generated })];
}
