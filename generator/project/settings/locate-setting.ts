import type { SourceSpan } from "../../diagnostics/location.ts";
import { readJsonDocument } from "../../source/read-json-document.ts";
import { type ConfigFiles, settingsPlace } from "./read-config.ts";

/** Where a setting is given; nowhere if its default is in force. */
export function locateSetting(files: ConfigFiles, setting: string): SourceSpan | undefined {
  const read = ({ file, text }: NonNullable<ConfigFiles["configFile"]>) =>
    readJsonDocument(file, text).document;
  const place = settingsPlace(
    files.configFile && read(files.configFile),
    files.packageJson && read(files.packageJson),
  );
  if (place === undefined) return undefined;
  const settings = place.path.reduce(member, place.document.value);
  return member(settings, setting) === undefined
    ? undefined
    : place.document.locate([...place.path, setting]);
}

function member(value: unknown, name: string | number): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
