/** A count that is easy to read: `1,250,000`. */
export function digits(count: number): string {
  return `${count}`.replaceAll(/\B(?=(\d{3})+$)/g, ",");
}
