import type { ErrorObject } from "ajv/dist/2020.js";
import { engineNames } from "../../../runtime/dialect/dialects.ts";
import { createDiagnostic, type Diagnostic } from "../../diagnostics/diagnostic.ts";
import { suggest } from "../../diagnostics/suggest.ts";
import type { JsonDocument, JsonPath } from "../../source/json-document.ts";
import { readPointer } from "../../source/json-pointer.ts";
import { compiledChecks } from "./compiled-checks.ts";
import { type DiffSettings, defaultConfig, type ProjectConfig } from "./project-config.ts";

/** The JSON that holds settings: a whole file, or a member of one. */
export interface SettingsSource {
  readonly document: JsonDocument;
  readonly path: JsonPath;
}

/** The settings that are given and valid. */
export interface CheckedSettings {
  readonly settings: Partial<ProjectConfig>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Checks settings against the published schema, and rules that a schema cannot express. */
export function checkSettings(location: SettingsSource | undefined): CheckedSettings {
  if (location === undefined) return { settings: {}, diagnostics: [] };
  const value = location.path.reduce<unknown>(
    (parent, step) => (parent as Readonly<Record<string, unknown>>)[step],
    location.document.value,
  );
  const validate = compiledChecks["#"];
  if (validate?.(value) !== true) {
    return { settings: {}, diagnostics: explain(validate?.errors ?? [], value, location) };
  }
  const settings = normalizeSettings(value as GivenSettings);
  return {
    settings,
    diagnostics: [...checkFolders(settings, location), ...checkDefaultStore(settings, location)],
  };
}

/** One diagnostic for each invalid setting, however many rules it breaks. */
function explain(errors: readonly ErrorObject[], value: unknown, location: SettingsSource): Diagnostic[] {
  const bySetting = new Map<string, Diagnostic>();
  for (const { instancePath, params, data } of errors) {
    const steps = readPointer(instancePath);
    const added: string | undefined = params["additionalProperty"] ?? params["propertyName"];
    const missing: string | undefined = params["missingProperty"];
    const setting = [...steps, ...((added ?? missing) ? [added ?? missing ?? ""] : [])];
    if (setting.length === 0) {
      return [createDiagnostic("config-not-an-object", location.document.locate(location.path), { value })];
    }
    const diagnostic =
      missing === undefined
        ? explainSetting(setting, data, location)
        : explainValue(setting, undefined, steps, location);
    bySetting.set(setting.join("."), diagnostic);
  }
  return [...bySetting.values()];
}

function explainSetting(setting: readonly string[], value: unknown, location: SettingsSource): Diagnostic {
  if (patternOf(setting) !== undefined) return explainValue(setting, value, setting, location);
  const known = settingsIn(patternOf(setting.slice(0, -1)) ?? "");
  const name = setting.at(-1) ?? "";
  const facts = { setting: setting.join("."), known, suggestion: suggest(name, known) };
  return createDiagnostic(
    "config-unknown-setting",
    location.document.locateKey([...location.path, ...setting]),
    facts,
  );
}

function explainValue(
  setting: readonly string[],
  value: unknown,
  at: readonly string[],
  { document, path }: SettingsSource,
): Diagnostic {
  const facts = {
    setting: setting.join("."),
    value,
    expected: settingDescriptions[patternOf(setting) ?? ""] ?? "",
  };
  return createDiagnostic("config-invalid-value", document.locate([...path, ...at]), facts);
}

/** Settings as the JSON holds them. */
type GivenSettings = Partial<Omit<ProjectConfig, "diff">> & {
  readonly $schema?: string;
  readonly diff?: Partial<DiffSettings>;
};

/** Settings without `$schema`, and folders without a leading `./` and a trailing `/`. */
function normalizeSettings({ $schema: _, ...value }: GivenSettings): Partial<ProjectConfig> {
  const { schemas, generated, diff, ...others } = value;
  return {
    ...others,
    ...(diff === undefined ? {} : { diff: { ...defaultConfig.diff, ...diff } }),
    ...(schemas === undefined ? {} : { schemas: normalizeFolder(schemas) }),
    ...(generated === undefined ? {} : { generated: normalizeFolder(generated) }),
  };
}

function normalizeFolder(folder: string): string {
  return folder.replace(/^\.\//, "").replace(/\/$/, "");
}

/** The folder of the modules may be inside the one of the specs, which then excludes it, but not the reverse. */
function checkFolders(settings: Partial<ProjectConfig>, { document, path }: SettingsSource): Diagnostic[] {
  const { schemas, generated } = { ...defaultConfig, ...settings };
  if (!`${schemas}/`.startsWith(`${generated}/`)) return [];
  const setting = settings.generated === undefined ? "schemas" : "generated";
  return [
    createDiagnostic("config-overlapping-folders", document.locate([...path, setting]), {
      schemas,
      generated,
    }),
  ];
}

function checkDefaultStore(
  { defaultStore, stores = {} }: Partial<ProjectConfig>,
  { document, path }: SettingsSource,
): Diagnostic[] {
  if (defaultStore === undefined || Object.hasOwn(stores, defaultStore)) return [];
  const known = Object.keys(stores);
  const facts = { store: defaultStore, known, suggestion: suggest(defaultStore, known) };
  return [createDiagnostic("config-unknown-store", document.locate([...path, "defaultStore"]), facts)];
}

/** What each setting must be, by its path; `*` matches any name or index. The published schema has the same rules. */
const settingDescriptions: Readonly<Record<string, string>> = {
  $schema: "a string",
  project: "a string that is not empty",
  schemas: "a folder inside the project, relative to it, with /",
  generated: "a folder inside the project, relative to it, with /",
  hashLength: "an integer of at least 8",
  importExtension: '".js", ".ts" or ""',
  engines: 'a list of one or more engines, each once, for example ["duckdb"]',
  "engines.*": `an engine that Stemma knows: ${engineNames.map((name) => `"${name}"`).join(", ")}`,
  stores: "an object with one store per name",
  "stores.*": 'a store, for example { "database": "features.duckdb" }',
  "stores.*.database": "the path of a DuckDB database",
  "stores.*.hash": '"md5", "sha256", "xxhash64" or "xxhash32"',
  defaultStore: "the name of one of the stores",
  diff: "an object with settings of the version diff",
  "diff.against": "a git ref, a folder or a manifest",
  "diff.failOn": 'a list of rules and severities, for example ["error"]',
  "diff.failOn.*": "the id of a rule or a severity",
  "diff.acknowledgements": "the path of a file",
};

/** The names of the settings in an object of settings. */
function settingsIn(parent: string): string[] {
  const prefix = parent === "" ? "" : `${parent}.`;
  return Object.keys(settingDescriptions)
    .filter((path) => path.startsWith(prefix))
    .map((path) => path.slice(prefix.length))
    .filter((name) => !name.includes(".") && !name.startsWith("$") && name !== "*");
}

/** The pattern of {@link settingDescriptions} that matches a path; undefined for an unknown setting. */
function patternOf(path: readonly string[]): string | undefined {
  return Object.keys(settingDescriptions).find((pattern) => {
    const steps = pattern.split(".");
    return steps.length === path.length && steps.every((step, index) => step === "*" || step === path[index]);
  });
}
