import { stat } from "node:fs/promises";

/** Whether something stands at a path, as far as can be seen. */
export async function pathExists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
