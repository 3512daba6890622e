/** The code a database's driver, or the system under it, gives its failures; empty for none. */
export function driverCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
