/** Errors of the operating system, told apart by their codes. */

/** Whether an error is one of the system with this code, such as `ENOENT`. */
export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
