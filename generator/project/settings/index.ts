import {
  createDiagnostic,
  type Diagnostic,
  hasErrors,
  sortDiagnostics,
} from "../../diagnostics/diagnostic.ts";
import type { SourceSpan } from "../../diagnostics/location.ts";
import type { JsonDocument } from "../../source/json-document.ts";
import { type ReadDocument, readJsonDocument } from "../../source/read-json-document.ts";
import { checkSettings, type SettingsSource } from "./check-settings.ts";
import { defaultConfig, type ProjectConfig } from "./project-config.ts";

export {
  configFileName,
  defaultConfig,
  type ProjectConfig,
  type StoreSettings,
} from "./project-config.ts";

/** A file with its path relative to the project. */
export interface ConfigFile {
  readonly file: string;
  readonly text: string;
}

/** The existing files that may hold settings. */
export interface ConfigFiles {
  /** Holds settings under `stemma`, and the name of the project. */
  readonly packageJson?: ConfigFile;
  /** Holds settings and nothing else. */
  readonly configFile?: ConfigFile;
  /** `--config` names the config file, so that settings in `package.json` do not count. */
  readonly isExplicit?: boolean;
}

/** Settings of a project; undefined if they hold errors. */
export interface ConfigReading {
  readonly config: ProjectConfig | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the settings of a project from the one file that holds them, and adds the defaults. */
export function readConfig({ packageJson, configFile, isExplicit = false }: ConfigFiles): ConfigReading {
  const settings = configFile && readJsonDocument(configFile.file, configFile.text);
  const manifest = packageJson && readPackageJson(packageJson);
  const read = [...(settings?.diagnostics ?? []), ...(manifest?.diagnostics ?? [])];
  if (hasErrors(read)) return { config: undefined, diagnostics: read };

  const inFile = settingsSource(settings?.document, undefined);
  const inPackage = settingsSource(undefined, manifest?.document);
  if (inFile !== undefined && inPackage !== undefined && !isExplicit) {
    const at = inPackage.document.locateKey(inPackage.path);
    return {
      config: undefined,
      diagnostics: [...read, createDiagnostic("config-in-two-places", at, { other: inFile.document.file })],
    };
  }

  const { settings: given, diagnostics } = checkSettings(inFile ?? inPackage);
  return {
    config: hasErrors(diagnostics)
      ? undefined
      : { ...defaultConfig, ...nameInPackage(manifest?.document), ...given },
    diagnostics: sortDiagnostics([...read, ...diagnostics]),
  };
}

/** The JSON that holds the settings: the config file goes before `package.json`. */
function settingsSource(
  ownFile: JsonDocument | undefined,
  packageJson: JsonDocument | undefined,
): SettingsSource | undefined {
  return ownFile === undefined ? sourceInPackage(packageJson) : { document: ownFile, path: [] };
}

/** Ignores warnings in `package.json`, which belongs to other tools too. */
function readPackageJson({ file, text }: ConfigFile): ReadDocument {
  const read = readJsonDocument(file, text);
  return read.document === undefined ? read : { ...read, diagnostics: [] };
}

function sourceInPackage(document: JsonDocument | undefined): SettingsSource | undefined {
  return isRecord(document?.value) && Object.hasOwn(document.value, "stemma")
    ? { document, path: ["stemma"] }
    : undefined;
}

function nameInPackage(document: JsonDocument | undefined): Pick<ProjectConfig, "project"> | undefined {
  const name = isRecord(document?.value) ? document.value["name"] : undefined;
  return typeof name === "string" && name !== "" ? { project: name } : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The location of a setting; undefined if the default applies. */
export function locateSetting(files: ConfigFiles, setting: string): SourceSpan | undefined {
  const read = ({ file, text }: NonNullable<ConfigFiles["configFile"]>) =>
    readJsonDocument(file, text).document;
  const source = settingsSource(
    files.configFile && read(files.configFile),
    files.packageJson && read(files.packageJson),
  );
  if (source === undefined) return undefined;
  const settings = source.path.reduce(member, source.document.value);
  return member(settings, setting) === undefined
    ? undefined
    : source.document.locate([...source.path, setting]);
}

function member(value: unknown, name: string | number): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
