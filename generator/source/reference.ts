import type { JsonPath } from "./json-document.ts";
import { readPointer } from "./json-pointer.ts";

/** What a `$ref` points at; `unsupported` says why it can't be followed. */
export type Reference =
  | { readonly kind: "local"; readonly file: string; readonly path: JsonPath }
  | { readonly kind: "unsupported"; readonly reason: "remote" | "absolute" | "anchor" | "malformed" };

/** Reads a `$ref` of a file: a relative path, a JSON pointer behind `#`, or both. */
export function readReference(ref: string, fromFile: string): Reference {
  if (/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(ref)) return { kind: "unsupported", reason: "remote" };
  const [path = "", ...fragments] = ref.split("#");
  const file = decode(path);
  const pointer = decode(fragments.join("#"));
  if (file === undefined || pointer === undefined || fragments.length > 1 || ref === "") {
    return { kind: "unsupported", reason: "malformed" };
  }
  if (file.startsWith("/")) return { kind: "unsupported", reason: "absolute" };
  if (pointer !== "" && !pointer.startsWith("/")) return { kind: "unsupported", reason: "anchor" };
  return {
    kind: "local",
    file: file === "" ? fromFile : resolvePath(file, fromFile),
    path: readPointer(pointer),
  };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Steps above the project stay as leading `..`. */
function resolvePath(relative: string, fromFile: string): string {
  const steps: string[] = [];
  for (const step of [...fromFile.split("/").slice(0, -1), ...relative.split("/")]) {
    if (step === ".." && steps.length > 0 && steps.at(-1) !== "..") steps.pop();
    else if (step !== "." && step !== "") steps.push(step);
  }
  return steps.join("/");
}
