import {
  createDiagnostic,
  type Diagnostic,
  hasErrors,
  sortDiagnostics,
} from "../../diagnostics/diagnostic.ts";
import type { JsonDocument } from "../../source/json-document.ts";
import { type ReadDocument, readJsonDocument } from "../../source/read-json-document.ts";
import { checkSettings, type SettingsPlace } from "./check-settings.ts";
import { defaultConfig, type ProjectConfig } from "./project-config.ts";

/** A file with its path relative to the project. */
export interface ConfigFile {
  readonly file: string;
  readonly text: string;
}

/** The files in which settings may stand, as far as they are there. */
export interface ConfigFiles {
  /** Holds settings under `stemma`, and the name of the project. */
  readonly packageJson?: ConfigFile;
  /** Holds settings and nothing else. */
  readonly configFile?: ConfigFile;
  /** The config file was asked for by name, so that settings in `package.json` don't count. */
  readonly isChosen?: boolean;
}

/** Settings of a project; none where they hold errors. */
export interface ConfigReading {
  readonly config: ProjectConfig | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the settings of a project from the one place where they stand, and fills in the defaults. */
export function readConfig({ packageJson, configFile, isChosen = false }: ConfigFiles): ConfigReading {
  const settings = configFile && readJsonDocument(configFile.file, configFile.text);
  const manifest = packageJson && readPackageJson(packageJson);
  const read = [...(settings?.diagnostics ?? []), ...(manifest?.diagnostics ?? [])];
  if (hasErrors(read)) return { config: undefined, diagnostics: read };

  const inFile = settingsPlace(settings?.document, undefined);
  const inPackage = settingsPlace(undefined, manifest?.document);
  if (inFile !== undefined && inPackage !== undefined && !isChosen) {
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

/** Where the settings stand: a file of their own comes before `package.json`. */
export function settingsPlace(
  ownFile: JsonDocument | undefined,
  packageJson: JsonDocument | undefined,
): SettingsPlace | undefined {
  return ownFile === undefined ? placeInPackage(packageJson) : { document: ownFile, path: [] };
}

/** What is odd in `package.json` is none of our business, as long as it can be read. */
function readPackageJson({ file, text }: ConfigFile): ReadDocument {
  const read = readJsonDocument(file, text);
  return read.document === undefined ? read : { ...read, diagnostics: [] };
}

function placeInPackage(document: JsonDocument | undefined): SettingsPlace | undefined {
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
