/** The thread that writes content: has a connection of its own, and does one commit after the other. */

import { parentPort, workerData } from "node:worker_threads";
import { writingTo } from "./add.js";
import { SqlConnection } from "./connection.js";
import { packOutcomes, unpackJobs } from "./packed.js";
import { connectionTo } from "./sqlite-open.js";
import { errorParts, ready, type ThreadAnswer, type ThreadData, type ThreadTask } from "./sqlite-thread.js";

const { path, busyTimeout } = workerData as ThreadData;
const connection = new SqlConnection({ ...connectionTo(path, busyTimeout), clock: Date.now });
const writer = writingTo(connection);

async function answer({ jobs, now, index }: NonNullable<ThreadTask>): Promise<ThreadAnswer> {
  try {
    const outcomes = await writer.commit(unpackJobs(jobs), now, index);
    return { outcomes: outcomes && packOutcomes(outcomes, errorParts) };
  } catch (error) {
    return { failure: errorParts(error) };
  }
}

async function act(task: ThreadTask): Promise<void> {
  if (task !== undefined) parentPort?.postMessage(await answer(task));
  else {
    await connection.close();
    parentPort?.close();
  }
}

await connection.open();
parentPort?.postMessage(ready);
parentPort?.on("message", (task: ThreadTask) => void act(task));
