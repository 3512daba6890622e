#!/usr/bin/env node
import { main } from "../main.js";
import { run } from "../program.js";

await main(run);
