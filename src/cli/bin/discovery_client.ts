#!/usr/bin/env node
import { runLibtaxii } from "../libtaxii/index.js";
import { main } from "../main.js";

await main((args, environment) => runLibtaxii("discovery_client", args, environment));
