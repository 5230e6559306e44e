/** Makes one object per row of columns; `names` are the properties, in the order of the columns. */
export function buildObjects(
  names: readonly string[],
): (columns: readonly (readonly unknown[])[], rows: number) => Record<string, unknown>[] {
  // A copy of it has all properties as its own, also one called __proto__, so that assigning sets just these.
  const blank = Object.fromEntries(names.map((name) => [name, null]));
  return (columns, rows) => {
    const objects = new Array<Record<string, unknown>>(rows);
    for (let row = 0; row < rows; row++) {
      const object: Record<string, unknown> = { ...blank };
      for (let index = 0; index < names.length; index++) {
        object[names[index] as string] = columns[index]?.[row];
      }
      objects[row] = object;
    }
    return objects;
  };
}
