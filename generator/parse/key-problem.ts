/** Why a text is not the key of a feature or field; nothing for a key. */
export function keyProblem(key: string): string | undefined {
  if (key === "") return "it is empty";
  if (key.includes("__")) return 'it has "__", which joins the parts of a key in table names';
  const parts = key.split("/");
  if (parts.includes("")) return 'a part between "/" is empty';
  const foreign = /[^a-z0-9_/-]/u.exec(key)?.[0];
  if (foreign !== undefined) return `it has ${JSON.stringify(foreign)}`;
  if (/^[0-9-]/.test(key)) return "it does not begin with a letter or _";
  return parts.some((part) => part.startsWith("-")) ? 'a part begins with "-"' : undefined;
}

/** A key like the given text, if one comes out. */
export function similarKey(text: string): string | undefined {
  const key = text
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[\s.]+/g, "_")
    .replace(/_{2,}/g, "_")
    .replace(/\/{2,}/g, "/")
    .replace(/^[/-]+|\/+$/g, "");
  return key !== text && keyProblem(key) === undefined ? key : undefined;
}
