import type { SourceSpan } from "../../diagnostics/location.ts";
import { readJsonDocument } from "../../source/read-json-document.ts";
import { type ConfigFiles, settingsSource } from "./read-config.ts";

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
