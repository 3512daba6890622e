/** The user ended the program, with Ctrl-C or a signal. */
export class InterruptedError extends Error {
  /** What 128 is added to for the exit code: 2 for SIGINT (Ctrl-C), 15 for SIGTERM. */
  readonly number: 2 | 15;

  constructor(number: 2 | 15 = 2) {
    super("interrupted");
    this.name = "InterruptedError";
    this.number = number;
  }
}
