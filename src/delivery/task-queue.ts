/** Tasks of a worker: so many at once, so many at once for one target, and the rest in line. */

/** Something to be done for a target. */
export interface Task {
  /** Unique among the tasks at hand. */
  readonly key: string;
  /** What must not be overrun: the origin of the target. */
  readonly origin: string;
  /** Does it. Does not reject. */
  run(): Promise<void>;
  /** Gives it back undone. Does not reject. */
  putOff(): Promise<void>;
}

export interface TaskQueueOptions {
  /** Tasks that are done at once. */
  readonly concurrency: number;
  /** Of these, tasks for one origin. */
  readonly perOrigin: number;
  /** Is told when there is room for a task. */
  readonly onRoom: () => void;
}

/** Tasks that wait for their origin to be free; further ones are put off. */
const mostWaiting = 64;

export class TaskQueue {
  readonly #options: TaskQueueOptions;
  readonly #running = new Map<string, { readonly task: Task; readonly done: Promise<void> }>();
  #waiting: Task[] = [];

  constructor(options: TaskQueueOptions) {
    this.#options = options;
  }

  /** Whether another task may be taken. */
  get hasRoom(): boolean {
    return this.#running.size < this.#options.concurrency;
  }

  /** Does a task as soon as its origin is free; one that is at hand already is left to itself. */
  async add(task: Task): Promise<void> {
    if (this.#running.has(task.key) || this.#waiting.some(({ key }) => key === task.key)) return;
    if (this.#isFree(task)) this.#begin(task);
    else if (this.#waiting.length < mostWaiting) this.#waiting.push(task);
    else await task.putOff();
  }

  /** Gives back what waits. */
  async clear(): Promise<void> {
    await Promise.all(this.#waiting.splice(0).map((task) => task.putOff()));
  }

  /** Resolves when nothing is being done. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  #isFree({ origin }: Task): boolean {
    const busy = [...this.#running.values()].filter(({ task }) => task.origin === origin).length;
    return this.hasRoom && busy < this.#options.perOrigin;
  }

  #begin(task: Task): void {
    const done = task.run().finally(() => {
      this.#running.delete(task.key);
      this.#next();
    });
    this.#running.set(task.key, { task, done });
  }

  #next(): void {
    const next = this.#waiting.find((task) => this.#isFree(task));
    if (next === undefined) {
      this.#options.onRoom();
      return;
    }
    this.#waiting = this.#waiting.filter((task) => task !== next);
    this.#begin(next);
  }
}
