/** A process that keeps states: `state-writer.ts PATH NAME COUNT` saves COUNT keys that begin with NAME. */

import { fileState } from "../../src/client/node/file-state.js";

const [, , path = "", name = "", count = ""] = process.argv;

const store = fileState(path);
for (let part = 1; part <= Number(count); part++) await store.save(`${name}-${part}`, { result: { id: name, part } });
