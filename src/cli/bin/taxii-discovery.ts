#!/usr/bin/env node
import { runCabby } from "../cabby/index.js";
import { main } from "../main.js";

await main((args, environment) => runCabby("taxii-discovery", args, environment));
